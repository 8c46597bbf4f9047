import type { SQLInputValue } from 'node:sqlite';
import type { Cipher } from '../../secrets/cipher.ts';
import type { Statement } from '../thread/statements.ts';
import { openGatewaySecret, sealGatewaySecret } from './number-key.ts';
import { openSecret, sealSecret } from './secrets.ts';
import { resealConfig } from './webhook-rows.ts';

/** A table with something sealed in it, and how that is sealed anew. */
export interface SealedTable {
  /** Its primary key, by which it is walked. */
  readonly key: readonly string[];
  /** The next rows, with `owner`: what the secret belongs to; `sealed` is null where everything in the row was sealed by the current key. */
  select(after: readonly SQLInputValue[], limit: number, keyId: string): Statement;
  /** @throws CipherError where it cannot be read */
  reseal(sealed: string, owner: string, cipher: Cipher): string;
  /** Nothing happens where the row was changed meanwhile: what is newer was sealed by the current key. */
  update(key: readonly SQLInputValue[], sealed: string, resealed: string): Statement;
}

const secretKey = ['account_id', 'webhook_id', 'number'] as const;
const versionKey = ['account_id', 'webhook_id', 'version'] as const;

const secrets: SealedTable = {
  key: secretKey,
  select: (after, limit, keyId) => ({
    sql: `select ${secretKey.join(', ')}, webhook_id as owner, case when secret != '' and substr(secret, 4, 16) != ? then secret end as sealed
      from webhook_secrets ${beyond(secretKey, after)}`,
    parameters: [keyId, ...after, limit],
  }),
  reseal: (sealed, webhookId, cipher) => sealSecret(openSecret(sealed, webhookId, cipher), webhookId, cipher),
  update: (key, sealed, resealed) => ({
    sql: `update webhook_secrets set secret = ? where ${equal(secretKey)} and secret = ?`,
    parameters: [resealed, ...key, sealed],
  }),
};

const versions: SealedTable = {
  key: versionKey,
  select: (after, limit, keyId) => ({
    sql: `select ${versionKey.join(', ')}, webhook_id as owner, case when exists (
        select 1 from json_each(config, '$.customHeaders') as header
        where substr(header.value ->> 'value', 4, 16) != ?
      ) then config end as sealed
      from webhook_versions ${beyond(versionKey, after)}`,
    parameters: [keyId, ...after, limit],
  }),
  reseal: resealConfig,
  update: (key, sealed, resealed) => ({
    sql: `update webhook_versions set config = ? where ${equal(versionKey)} and config = ?`,
    parameters: [resealed, ...key, sealed],
  }),
};

const ofGateway: SealedTable = {
  key: ['name'],
  select: (after, limit, keyId) => ({
    sql: `select name, name as owner, case when substr(sealed, 4, 16) != ? then sealed end as sealed
      from gateway_secrets ${beyond(['name'], after)}`,
    parameters: [keyId, ...after, limit],
  }),
  reseal: (sealed, name, cipher) => sealGatewaySecret(openGatewaySecret(sealed, name, cipher), name, cipher),
  update: (key, sealed, resealed) => ({
    sql: 'update gateway_secrets set sealed = ? where name = ? and sealed = ?',
    parameters: [resealed, ...key, sealed],
  }),
};

/** Everything that is sealed, of webhooks that are deleted and of versions that are over too. */
export const sealedTables: readonly SealedTable[] = [secrets, versions, ofGateway];

function beyond(key: readonly string[], after: readonly SQLInputValue[]): string {
  const where = after.length > 0 ? `where (${key.join(', ')}) > (${key.map(() => '?').join(', ')})` : '';
  return `${where} order by ${key.join(', ')} limit ?`;
}

function equal(key: readonly string[]): string {
  return key.map((column) => `${column} = ?`).join(' and ');
}
