import type { DatabaseSync } from 'node:sqlite';

/** Of `webhook_secrets` and of the values in `webhook_versions`: the id of the key in `v1.<key id>.…` (secrets/cipher.ts). */
const keysInUse = `
  select substr(secret, 4, 16) as id from webhook_secrets where secret != ''
  union
  select substr(header.value ->> 'value', 4, 16)
    from webhook_versions, json_each(webhook_versions.config, '$.customHeaders') as header
`;

/** The ids of the master keys that are needed to read all that is sealed. */
export function sealingKeysInUse(db: DatabaseSync): readonly string[] {
  return db
    .prepare(keysInUse)
    .all()
    .map(({ id }) => String(id));
}
