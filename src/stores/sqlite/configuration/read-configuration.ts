import type { DatabaseSync } from 'node:sqlite';
import type { Selectable } from 'kysely';
import type { Scope } from '../../../core/scopes.ts';
import type { SigningSecret } from '../../../core/webhook.ts';
import { normalNumber } from '../../../shared/normal-number.ts';
import type { HashedKey, StoredConfiguration } from '../../ports/configuration.ts';
import type { Sender } from '../../ports/directory.ts';
import type { Cipher } from '../../secrets/cipher.ts';
import { toAccount } from '../directory/accounts.ts';
import { openSecret } from '../directory/secrets.ts';
import type { Tables } from '../directory/tables.ts';
import { toWebhook, type WebhookRow } from '../directory/webhook-rows.ts';

type AccountRow = Selectable<Tables['accounts']>;
type SecretRow = Pick<Tables['webhook_secrets'], 'webhook_id' | 'secret' | 'expires_at'>;

const webhooksNow = `
  select w.id, w.account_id, w.status, w.disabled_reason, w.failing_since, w.version, w.created_at, w.updated_at, v.config
    from webhooks as w
    join webhook_versions as v on (v.account_id, v.webhook_id, v.version) = (w.account_id, w.id, w.version)
    where w.deleted_at is null`;

/**
 * Everything that is configured, of one moment where the caller has begun a transaction.
 * @throws CipherError where something is sealed with a key that is not at hand
 */
export function readConfiguration(db: DatabaseSync, cipher: Cipher): StoredConfiguration {
  function rows<Row>(sql: string): readonly Row[] {
    return db.prepare(sql).all() as unknown as readonly Row[];
  }
  const idsOf = (sql: string): ReadonlySet<string> => new Set(rows<{ id: string }>(sql).map(({ id }) => id));
  const secrets = new Map<string, SigningSecret[]>();
  const newestFirst = 'order by account_id, webhook_id, number desc';
  for (const row of rows<SecretRow>(`select * from webhook_secrets where secret != '' ${newestFirst}`)) {
    const of = secrets.get(row.webhook_id) ?? [];
    secrets.set(row.webhook_id, of);
    of.push({ secret: openSecret(row.secret, row.webhook_id, cipher), expiresAt: row.expires_at });
  }
  return {
    accounts: rows<AccountRow>('select * from accounts where deleted_at is null').map(toAccount),
    senders: rows<Tables['senders']>('select * from senders').map(toSender),
    keys: rows<Tables['api_keys']>('select * from api_keys').map(toKey),
    webhooks: rows<WebhookRow>(webhooksNow).map((row) => ({
      webhook: toWebhook(row, cipher),
      secrets: secrets.get(row.id) ?? [],
    })),
    deleted: {
      accounts: idsOf('select id from accounts where deleted_at is not null'),
      webhooks: idsOf('select id from webhooks where deleted_at is not null'),
    },
  };
}

function toSender(row: Tables['senders']): Sender {
  return {
    id: row.id,
    accountId: row.account_id,
    product: row.product,
    // Those of before numbers had one form may begin with 00.
    productUniqueId: normalNumber(row.product_unique_id),
    label: row.label,
    createdAt: row.created_at,
  };
}

function toKey({ id, account_id, name, scopes, created_at, hash }: Tables['api_keys']): HashedKey {
  const key = {
    id,
    accountId: account_id,
    name,
    scopes: JSON.parse(scopes) as Scope[],
    createdAt: created_at,
  };
  return { key, hash };
}
