import { type Kysely, sql } from 'kysely';
import type { SigningSecret, Webhook } from '../../../core/webhook.ts';
import type { ConfigurationChanges, WebhookChange } from '../../ports/configuration.ts';
import type { Cipher } from '../../secrets/cipher.ts';
import { sealSecret } from '../directory/secrets.ts';
import { configColumns } from '../directory/webhook-rows.ts';
import type { Tables } from '../tables.ts';
import { makeConfiguration, versionRow } from './make-configuration.ts';

/** Writes what was decided; the caller has begun a transaction and ends it. */
export async function writeConfiguration(
  db: Kysely<Tables>,
  cipher: Cipher,
  { made, changed }: ConfigurationChanges,
  now: number,
): Promise<void> {
  await makeConfiguration(db, cipher, made, now);
  for (const { id, name, limits, keep } of changed.accounts) {
    const columns = { keep_payload_days: keep.payloadDays, keep_log_days: keep.logDays };
    await db
      .updateTable('accounts')
      .set({ name, limits: JSON.stringify(limits), ...columns })
      .where('id', '=', id)
      .execute();
  }
  for (const { id, label } of changed.senders) {
    await db.updateTable('senders').set({ label }).where('id', '=', id).execute();
  }
  for (const { id, name, scopes } of changed.keys) {
    const columns = { name, scopes: JSON.stringify(scopes) };
    await db.updateTable('api_keys').set(columns).where('id', '=', id).execute();
  }
  for (const change of changed.webhooks) await changeWebhook(db, cipher, change, now);
}

async function changeWebhook(
  db: Kysely<Tables>,
  cipher: Cipher,
  { webhook, isNewVersion, isNewStatus, secrets }: WebhookChange,
  now: number,
): Promise<void> {
  const { id } = webhook;
  await db
    .updateTable('webhooks')
    .set({
      ...configColumns(id, webhook),
      status: webhook.status,
      disabled_reason: webhook.disabledReason,
      failing_since: webhook.failingSince,
      version: webhook.version,
      updated_at: webhook.updatedAt,
      ...(isNewStatus && { untold_disabling: null }),
    })
    .where('id', '=', id)
    .execute();
  if (isNewVersion) {
    await db.insertInto('webhook_versions').values(versionRow(webhook, cipher)).execute();
  }
  // What was known of its endpoint says nothing of how it is called now.
  if (isNewVersion || isNewStatus) {
    await db.deleteFrom('open_breakers').where('webhook_id', '=', id).execute();
  }
  if (secrets !== null) await replaceSecrets(db, cipher, webhook, secrets, now);
}

/** @param secrets newest first */
async function replaceSecrets(
  db: Kysely<Tables>,
  cipher: Cipher,
  { id, accountId }: Webhook,
  secrets: readonly SigningSecret[],
  now: number,
): Promise<void> {
  await db
    .updateTable('webhook_secrets')
    .set({ expires_at: sql<number>`case when expires_at < ${now} then expires_at else ${now} end` })
    .where('account_id', '=', accountId)
    .where('webhook_id', '=', id)
    .execute();
  const { highest } = await db
    .selectFrom('webhook_secrets')
    .select(sql<number>`coalesce(max(number), 0)`.as('highest'))
    .where('account_id', '=', accountId)
    .where('webhook_id', '=', id)
    .executeTakeFirstOrThrow();
  const rows = secrets.toReversed().map(({ secret, expiresAt }, i) => ({
    ...{ account_id: accountId, webhook_id: id, number: highest + 1 + i },
    ...{ secret: sealSecret(secret, id, cipher), expires_at: expiresAt, created_at: now },
  }));
  if (rows.length > 0) await db.insertInto('webhook_secrets').values(rows).execute();
}
