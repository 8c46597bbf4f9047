import type { Migration } from './migration.ts';

/**
 * With which master keys something may be sealed, so that a start finds out at once which it needs, and what is left to
 * be sealed anew. Ids are those of `secrets/master-key.ts`. One row has `current`: the key that seals.
 */
export const masterKeys: Migration = {
  number: 14,
  name: 'master-keys',
  sql: `
    create table master_keys (
      id text not null primary key,
      current integer not null,
      since integer not null -- ms since the Unix epoch; 0 where that is not known
    ) strict, without rowid;

    insert into master_keys
      select substr(secret, 4, 16), 0, 0 from webhook_secrets where secret != ''
      union
      select substr(header.value ->> 'value', 4, 16), 0, 0
        from webhook_versions, json_each(webhook_versions.config, '$.customHeaders') as header;
  `,
};
