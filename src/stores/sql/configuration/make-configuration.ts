import type { Insertable, Kysely } from 'kysely';
import type { Webhook } from '../../../core/webhook.ts';
import type { Configuration } from '../../ports/configuration.ts';
import type { Cipher } from '../../secrets/cipher.ts';
import { sealSecret } from '../directory/secrets.ts';
import { configColumns, writeConfig } from '../directory/webhook-rows.ts';
import type { Tables } from '../tables.ts';

/** Rows of one statement: a configuration of thousands is to take few round trips. */
const rowsAtOnce = 200;

/** Writes what is not there yet; the caller has begun a transaction and ends it. */
export async function makeConfiguration(
  db: Kysely<Tables>,
  cipher: Cipher,
  { accounts, senders, keys, webhooks }: Configuration,
  now: number,
): Promise<void> {
  async function insert<T extends keyof Tables>(table: T, rows: readonly Insertable<Tables[T]>[]) {
    for (let i = 0; i < rows.length; i += rowsAtOnce) {
      await db
        .insertInto(table)
        .values(rows.slice(i, i + rowsAtOnce))
        .execute();
    }
  }

  await insert(
    'accounts',
    accounts.map(({ id, name, createdAt, limits, keep }) => ({
      ...{ id, name, created_at: createdAt, deleted_at: null, limits: JSON.stringify(limits) },
      ...{ keep_payload_days: keep.payloadDays, keep_log_days: keep.logDays },
    })),
  );
  await insert(
    'senders',
    senders.map(({ id, accountId, product, productUniqueId, label, createdAt }) => ({
      ...{ account_id: accountId, id, product, product_unique_id: productUniqueId, label },
      created_at: createdAt,
    })),
  );
  await insert(
    'api_keys',
    keys.map(({ key, hash }) => ({
      ...{ id: key.id, account_id: key.accountId, name: key.name, scopes: JSON.stringify(key.scopes) },
      ...{ hash, created_at: key.createdAt },
    })),
  );
  await insert(
    'webhooks',
    webhooks.map(({ webhook }) => ({
      ...{ account_id: webhook.accountId, id: webhook.id, ...configColumns(webhook.id, webhook) },
      ...{ status: webhook.status, disabled_reason: webhook.disabledReason, version: webhook.version },
      ...{ created_at: webhook.createdAt, updated_at: webhook.updatedAt, deleted_at: null },
    })),
  );
  await insert(
    'webhook_versions',
    webhooks.map(({ webhook }) => versionRow(webhook, cipher)),
  );
  await insert(
    'webhook_secrets',
    webhooks.flatMap(({ webhook: { id, accountId }, secrets }) =>
      secrets.toReversed().map(({ secret, expiresAt }, i) => ({
        ...{ account_id: accountId, webhook_id: id, number: i + 1 },
        ...{ secret: sealSecret(secret, id, cipher), expires_at: expiresAt, created_at: now },
      })),
    ),
  );
}

/** The row of a webhook's version. */
export function versionRow(webhook: Webhook, cipher: Cipher): Insertable<Tables['webhook_versions']> {
  const { id, accountId, version, updatedAt } = webhook;
  return {
    ...{ account_id: accountId, webhook_id: id, version, created_at: updatedAt },
    config: writeConfig(webhook, id, cipher),
  };
}
