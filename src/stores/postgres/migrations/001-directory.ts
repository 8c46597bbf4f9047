import type { Migration } from './migration.ts';

/**
 * Who may call, and what they configured. Instants are ms since the Unix epoch. Every key begins with the account where a row
 * belongs to one, so that tables can be distributed by it; `id` is looked up by itself besides, because callers name a webhook
 * by its id alone.
 *
 * What is an id is compared byte by byte, whatever the database's own order is: cursors of lists depend on it.
 */
export const directoryTables: Migration = {
  number: 1,
  name: 'directory',
  sql: `
    create domain id as text collate "C";

    -- A deleted account keeps its row: history names it, so nobody else may get its id. limits: JSON of those that are its own.
    -- keep_…_days: 0 for ever, null as for all accounts.
    create table accounts (
      id                id not null primary key,
      name              text not null,
      created_at        bigint not null,
      limits            text not null default '{}',
      keep_payload_days integer,
      keep_log_days     integer,
      deleted_at        bigint
    );
    create index accounts_by_age on accounts (created_at, id) where deleted_at is null;
    create index accounts_deleted on accounts (id) where deleted_at is not null;

    -- account_id is null for an operator's key; hash is the SHA-256 of the whole key; scopes is a JSON array.
    create table api_keys (
      id         id not null primary key,
      account_id id references accounts (id),
      name       text not null,
      scopes     text not null,
      hash       id not null unique,
      created_at bigint not null
    );
    create index api_keys_by_account on api_keys (account_id, created_at, id);

    -- The latest 10,000 keys that were deleted: a gateway knows its keys in memory, and who knows less forgets all. They are
    -- counted in a row that whoever deletes next waits for, and not by a sequence: a number that is committed after a higher
    -- one would be seen by nobody who looks for those since the higher one, and its key would go on being good there.
    create table deleted_keys (
      number bigint not null primary key,
      hash   id not null
    );
    create table key_deletions (count bigint not null);
    insert into key_deletions values (0);
    create function note_deleted_key() returns trigger language plpgsql as $$
      declare
        deletion bigint;
      begin
        update key_deletions set count = count + 1 returning count into deletion;
        insert into deleted_keys values (deletion, old.hash);
        delete from deleted_keys where number <= deletion - 10000;
        return null;
      end
    $$;
    create trigger api_key_deleted after delete on api_keys for each row execute function note_deleted_key();

    create table senders (
      account_id        id not null references accounts (id),
      id                id not null unique,
      product           text not null,
      product_unique_id text not null,
      label             text,
      created_at        bigint not null,
      primary key (account_id, id),
      unique (account_id, product, product_unique_id)
    );
    create index senders_by_account on senders (account_id, created_at, id);
    create index senders_by_age on senders (created_at, id);

    -- What lists filter by stands here; the configuration itself is in webhook_versions.
    -- search_text is id, URL, description and number in lower case, one per line.
    -- failing_since: since when its endpoint has done nothing but fail. untold_disabling: when the gateway disabled it, until
    -- that was told of.
    create table webhooks (
      account_id       id not null references accounts (id),
      id               id not null unique,
      product          text not null,
      report_type      text not null,
      status           text not null,
      disabled_reason  text,
      search_text      text not null,
      version          bigint not null,
      created_at       bigint not null,
      updated_at       bigint not null,
      deleted_at       bigint,
      failing_since    bigint,
      untold_disabling bigint,
      primary key (account_id, id)
    );
    create index webhooks_by_account on webhooks (account_id, created_at, id) where deleted_at is null;
    create index webhooks_by_age on webhooks (created_at, id) where deleted_at is null;
    create index webhooks_untold on webhooks (untold_disabling) where untold_disabling is not null;

    -- config is the WebhookConfig as JSON, the values of its custom headers sealed.
    create table webhook_versions (
      account_id id not null,
      webhook_id id not null,
      version    bigint not null,
      config     text not null,
      created_at bigint not null,
      primary key (account_id, webhook_id, version),
      foreign key (account_id, webhook_id) references webhooks (account_id, id)
    );

    -- secret is sealed, '' when it was wiped; number rises with every rotation; expires_at is null for the current one.
    create table webhook_secrets (
      account_id id not null,
      webhook_id id not null,
      number     integer not null,
      secret     text not null,
      expires_at bigint,
      created_at bigint,
      primary key (account_id, webhook_id, number),
      foreign key (account_id, webhook_id) references webhooks (account_id, id)
    );

    -- Endpoints that get nothing but probes. until: when the next probe may leave; trips: how often it has opened since the
    -- endpoint was well.
    create table open_breakers (
      webhook_id id not null primary key,
      until      bigint not null,
      trips      integer not null
    );

    -- Answers to calls that made something, under their Idempotency-Key, for a day. scope: the account, '' for an operator;
    -- body is null where it holds what is shown once.
    create table kept_answers (
      scope       id not null,
      key         id not null,
      fingerprint text not null,
      status      integer not null,
      location    text,
      body        text,
      at          bigint not null,
      primary key (scope, key)
    );
    create index kept_answers_by_age on kept_answers (at);
    create index kept_answers_by_scope on kept_answers (scope, at);

    -- With which master keys something may be sealed. One row has current: the key that seals. since: 0 where that is not known.
    create table master_keys (
      id      id not null primary key,
      current integer not null,
      since   bigint not null
    );

    -- Secrets of the gateway's own, sealed as those of webhooks are. number_key: what phone numbers are hashed with (base64url).
    create table gateway_secrets (
      name   id not null primary key,
      sealed text not null
    );
  `,
};
