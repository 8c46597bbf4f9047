import type { Migration } from './migration.ts';

/**
 * Who may call, and what they configured. Instants are ms since the Unix epoch. Keys begin with the account where a
 * row belongs to one; `id` is unique by itself besides, because callers name a webhook by its id alone.
 */
export const directoryTables: Migration = {
  number: 1,
  name: 'directory',
  sql: `
    -- A deleted account keeps its row: history names it, so nobody else may get its id.
    create table accounts (
      id text not null primary key,
      name text not null,
      created_at integer not null,
      deleted_at integer
    ) strict, without rowid;
    create index accounts_by_age on accounts (created_at, id) where deleted_at is null;

    -- account_id is null for an operator's key; hash is the SHA-256 of the whole key; scopes is a JSON array.
    create table api_keys (
      id text not null primary key,
      account_id text references accounts (id),
      name text not null,
      scopes text not null,
      hash text not null unique,
      created_at integer not null
    ) strict, without rowid;
    create index api_keys_by_account on api_keys (account_id, created_at, id);

    create table senders (
      account_id text not null references accounts (id),
      id text not null unique,
      product text not null,
      product_unique_id text not null,
      label text,
      created_at integer not null,
      primary key (account_id, id),
      unique (account_id, product, product_unique_id)
    ) strict, without rowid;
    create index senders_by_account on senders (account_id, created_at, id);
    create index senders_by_age on senders (created_at, id);

    -- What lists filter by stands here; the configuration itself is in webhook_versions.
    -- search_text is id, URL, description and number in lower case, one per line.
    create table webhooks (
      account_id text not null references accounts (id),
      id text not null unique,
      product text not null,
      report_type text not null,
      status text not null,
      disabled_reason text,
      search_text text not null,
      version integer not null,
      created_at integer not null,
      updated_at integer not null,
      deleted_at integer,
      primary key (account_id, id)
    ) strict, without rowid;
    create index webhooks_by_account on webhooks (account_id, created_at, id) where deleted_at is null;
    create index webhooks_by_age on webhooks (created_at, id) where deleted_at is null;

    -- config is the WebhookConfig as JSON, the values of its custom headers sealed.
    create table webhook_versions (
      account_id text not null,
      webhook_id text not null,
      version integer not null,
      config text not null,
      created_at integer not null,
      primary key (account_id, webhook_id, version),
      foreign key (account_id, webhook_id) references webhooks (account_id, id)
    ) strict, without rowid;

    -- secret is sealed; number rises with every rotation; expires_at is null for the current one.
    create table webhook_secrets (
      account_id text not null,
      webhook_id text not null,
      number integer not null,
      secret text not null,
      expires_at integer,
      primary key (account_id, webhook_id, number),
      foreign key (account_id, webhook_id) references webhooks (account_id, id)
    ) strict, without rowid;
  `,
};
