import type { Kysely } from 'kysely';
import type { SigningSecret } from '../../../core/webhook.ts';
import { normalNumber } from '../../../shared/normal-number.ts';
import type { StoredConfiguration } from '../../ports/configuration.ts';
import type { Cipher } from '../../secrets/cipher.ts';
import { toAccount } from '../directory/accounts.ts';
import { toKey } from '../directory/keys.ts';
import { openSecret } from '../directory/secrets.ts';
import { toSender } from '../directory/senders.ts';
import { selectWebhooks, toWebhook } from '../directory/webhook-rows.ts';
import type { Tables } from '../tables.ts';

/**
 * Everything that is configured, of one moment where the caller has begun a transaction.
 * @throws CipherError where something is sealed with a key that is not at hand
 */
export async function readConfiguration(db: Kysely<Tables>, cipher: Cipher): Promise<StoredConfiguration> {
  const accounts = await db.selectFrom('accounts').selectAll().execute();
  const senders = await db.selectFrom('senders').selectAll().execute();
  const keys = await db.selectFrom('api_keys').selectAll().execute();
  const webhooks = await selectWebhooks(db).execute();
  const deleted = await db.selectFrom('webhooks').select('id').where('deleted_at', 'is not', null).execute();
  const secrets = await readSecrets(db, cipher);
  return {
    accounts: accounts.filter((row) => row.deleted_at === null).map(toAccount),
    senders: senders.map((row) => {
      const sender = toSender(row);
      // Those of before numbers had one form may begin with 00.
      return { ...sender, productUniqueId: normalNumber(sender.productUniqueId) };
    }),
    keys: keys.map((row) => ({ key: toKey(row), hash: row.hash })),
    webhooks: webhooks.map((row) => ({
      webhook: toWebhook(row, cipher),
      secrets: secrets.get(row.id) ?? [],
    })),
    deleted: {
      accounts: new Set(accounts.filter((row) => row.deleted_at !== null).map(({ id }) => id)),
      webhooks: new Set(deleted.map(({ id }) => id)),
    },
  };
}

/** By webhook, newest first. */
async function readSecrets(
  db: Kysely<Tables>,
  cipher: Cipher,
): Promise<ReadonlyMap<string, readonly SigningSecret[]>> {
  const rows = await db
    .selectFrom('webhook_secrets')
    .select(['webhook_id', 'secret', 'expires_at'])
    .where('secret', '!=', '')
    .orderBy('account_id')
    .orderBy('webhook_id')
    .orderBy('number', 'desc')
    .execute();
  const secrets = new Map<string, SigningSecret[]>();
  for (const { webhook_id, secret, expires_at } of rows) {
    const of = secrets.get(webhook_id) ?? [];
    secrets.set(webhook_id, of);
    of.push({ secret: openSecret(secret, webhook_id, cipher), expiresAt: expires_at });
  }
  return secrets;
}
