import type { DatabaseSync } from 'node:sqlite';

/** Of `webhook_secrets` and of the values in `webhook_versions`: the id of the key in `v1.<key id>.…` (secrets/cipher.ts). */
const keysInUse = `
  select substr(secret, 4, 16) as id from webhook_secrets where secret != ''
  union
  select substr(header.value ->> 'value', 4, 16)
    from webhook_versions, json_each(webhook_versions.config, '$.customHeaders') as header
`;

/** The ids of the master keys that are needed to start on a database and to read all that is sealed in it. */
export function sealingKeysInUse(db: DatabaseSync): readonly string[] {
  const ids = new Set(idsOf(db, keysInUse));
  const tables = new Set(idsOf(db, "select name as id from sqlite_schema where type = 'table'"));
  // Databases of older versions lack these.
  if (tables.has('master_keys')) {
    for (const id of idsOf(db, 'select id from master_keys where current = 1')) ids.add(id);
  }
  if (tables.has('gateway_secrets')) {
    for (const id of idsOf(db, 'select substr(sealed, 4, 16) as id from gateway_secrets')) ids.add(id);
  }
  return [...ids].sort();
}

function idsOf(db: DatabaseSync, sql: string): readonly string[] {
  return db
    .prepare(sql)
    .all()
    .map(({ id }) => String(id));
}
