import { type RawBuilder, sql } from 'kysely';
import type { Cipher } from '../../secrets/cipher.ts';
import { openSecret, sealSecret } from '../directory/secrets.ts';
import { resealConfig } from '../directory/webhook-rows.ts';
import type { SqlWords } from '../sql-words.ts';
import { openGatewaySecret, sealGatewaySecret } from './gateway-secrets.ts';

/** The values of a row's primary key, in the order of its columns. */
export type RowKey = readonly (string | number)[];

/** A row with something sealed in it, and its key by the names of its columns. */
export type SealedRow = { readonly [column: string]: string | number } & {
  /** What the secret belongs to. */
  readonly owner: string;
  /** `null` where everything in the row was sealed by the current key. */
  readonly sealed: string | null;
};

/** A table with something sealed in it, and how that is sealed anew. */
export interface SealedTable {
  readonly name: string;
  /** Its primary key, by which it is walked. */
  readonly key: readonly string[];
  /** The column of what the secret belongs to, and the one that is sealed. */
  readonly owner: string;
  readonly column: string;
  /** Whether another key than this sealed something in the row. */
  isOfAnother(keyId: string, words: SqlWords): RawBuilder<unknown>;
  /** @throws CipherError where it cannot be read */
  reseal(sealed: string, owner: string, cipher: Cipher): string;
}

const secrets: SealedTable = {
  name: 'webhook_secrets',
  key: ['account_id', 'webhook_id', 'number'],
  owner: 'webhook_id',
  column: 'secret',
  isOfAnother: (keyId) => sql`secret != '' and substr(secret, 4, 16) != ${keyId}`,
  reseal: (sealed, webhookId, cipher) => sealSecret(openSecret(sealed, webhookId, cipher), webhookId, cipher),
};

const versions: SealedTable = {
  name: 'webhook_versions',
  key: ['account_id', 'webhook_id', 'version'],
  owner: 'webhook_id',
  column: 'config',
  isOfAnother: (keyId, words) => sql`exists (
    select 1 from ${words.items('config', 'customHeaders')} where substr(value ->> 'value', 4, 16) != ${keyId})`,
  reseal: resealConfig,
};

const ofGateway: SealedTable = {
  name: 'gateway_secrets',
  key: ['name'],
  owner: 'name',
  column: 'sealed',
  isOfAnother: (keyId) => sql`substr(sealed, 4, 16) != ${keyId}`,
  reseal: (sealed, name, cipher) => sealGatewaySecret(openGatewaySecret(sealed, name, cipher), name, cipher),
};

/** Everything that is sealed, of webhooks that are deleted and of versions that are over too. */
export const sealedTables: readonly SealedTable[] = [secrets, versions, ofGateway];

/** The next rows of a table in the order of its key. */
export function selectSealed(
  table: SealedTable,
  after: RowKey,
  limit: number,
  keyId: string,
  words: SqlWords,
): RawBuilder<SealedRow> {
  const key = sql.join(table.key.map((column) => sql.ref(column)));
  const beyond = after.length > 0 ? sql`where (${key}) > (${sql.join(after)})` : sql``;
  return sql<SealedRow>`
    select ${key}, ${sql.ref(table.owner)} as owner,
      case when ${table.isOfAnother(keyId, words)} then ${sql.ref(table.column)} end as sealed
    from ${sql.table(table.name)} ${beyond} order by ${key} limit ${limit}`;
}

/** Nothing happens where the row was changed meanwhile: what is newer was sealed by the current key. */
export function updateSealed(table: SealedTable, key: RowKey, sealed: string, resealed: string) {
  const column = sql.ref(table.column);
  const isRow = sql.join(
    table.key.map((name, i) => sql`${sql.ref(name)} = ${key[i]}`),
    sql` and `,
  );
  return sql`update ${sql.table(table.name)} set ${column} = ${resealed} where ${isRow} and ${column} = ${sealed}`;
}
