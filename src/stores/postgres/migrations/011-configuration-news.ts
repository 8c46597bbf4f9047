import type { Migration } from './migration.ts';

/**
 * Says of each committed change of an account, a sender or a webhook which one it is, on the channel that ends with
 * `_configuration` (messages/channels.ts): `{"of" : "webhook", "id" : "wh_…"}`. PostgreSQL leaves out what is said twice in a transaction.
 *
 * A transaction with NOTIFY waits at its commit for all others with one, so nothing is said of what changes with the traffic: how an
 * endpoint is doing, breakers, whether a disabling was told of. Neither is of secrets that are sealed anew or wiped when they have expired.
 */
export const configurationNews: Migration = {
  number: 11,
  name: 'configuration_news',
  sql: `
    create function tell_of_configuration() returns trigger language plpgsql as $$
      declare
        changed record := case when tg_op = 'DELETE' then old else new end;
        id text;
      begin
        if tg_table_name = 'webhook_secrets' then
          id := changed.webhook_id;
        else
          id := changed.id;
        end if;
        perform pg_notify(
          'hookwire_' || left(encode(sha256(convert_to(tg_table_schema, 'UTF8')), 'hex'), 8) || '_configuration',
          json_build_object('of', tg_argv[0], 'id', id)::text);
        return null;
      end
    $$;

    create trigger account_is_new after insert or delete on accounts
      for each row execute function tell_of_configuration('account');
    create trigger account_is_changed after update of name, limits, keep_payload_days, keep_log_days, deleted_at on accounts
      for each row when (
        (old.name, old.limits, old.keep_payload_days, old.keep_log_days, old.deleted_at)
        is distinct from (new.name, new.limits, new.keep_payload_days, new.keep_log_days, new.deleted_at)
      ) execute function tell_of_configuration('account');

    create trigger sender_is_new after insert or delete on senders
      for each row execute function tell_of_configuration('sender');
    create trigger sender_is_changed after update on senders
      for each row when (old.* is distinct from new.*) execute function tell_of_configuration('sender');

    create trigger webhook_is_new after insert on webhooks
      for each row execute function tell_of_configuration('webhook');
    create trigger webhook_is_gone after delete on webhooks
      for each row when (old.deleted_at is null) execute function tell_of_configuration('webhook');
    create trigger webhook_is_changed after update of status, disabled_reason, version, updated_at, deleted_at on webhooks
      for each row when (
        (old.status, old.disabled_reason, old.version, old.updated_at, old.deleted_at)
        is distinct from (new.status, new.disabled_reason, new.version, new.updated_at, new.deleted_at)
      ) execute function tell_of_configuration('webhook');
    create trigger webhook_secret_is_new after insert on webhook_secrets
      for each row execute function tell_of_configuration('webhook');
    create trigger webhook_secret_is_changed after update of expires_at on webhook_secrets
      for each row when (old.expires_at is distinct from new.expires_at) execute function tell_of_configuration('webhook');

    -- Whoever has it in memory forgets it, as one that was deleted, and finds it when it is used next.
    create trigger api_key_is_changed after update of name, scopes on api_keys
      for each row when ((old.name, old.scopes) is distinct from (new.name, new.scopes)) execute function note_deleted_key();
  `,
};
