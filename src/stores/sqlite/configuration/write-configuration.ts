import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { SigningSecret, Webhook } from '../../../core/webhook.ts';
import type { Configuration, ConfigurationChanges, WebhookChange } from '../../ports/configuration.ts';
import type { Cipher } from '../../secrets/cipher.ts';
import { sealSecret } from '../directory/secrets.ts';
import { configColumns, writeConfig } from '../directory/webhook-rows.ts';
import { createStatementRunner } from '../thread/statements.ts';

type Run = (sql: string, ...parameters: SQLInputValue[]) => void;

/** Writes what was decided; the caller has begun a transaction and ends it. */
export function writeConfiguration(
  db: DatabaseSync,
  cipher: Cipher,
  { made, changed }: ConfigurationChanges,
  now: number,
): void {
  const statements = createStatementRunner(db);
  const run: Run = (sql, ...parameters) => void statements.run({ sql, parameters });
  make(run, cipher, made, now);
  for (const { id, name, limits, keep } of changed.accounts) {
    run(
      'update accounts set name = ?, limits = ?, keep_payload_days = ?, keep_log_days = ? where id = ?',
      ...[name, JSON.stringify(limits), keep.payloadDays, keep.logDays, id],
    );
  }
  for (const { id, label } of changed.senders) run('update senders set label = ? where id = ?', label, id);
  for (const { id, name, scopes } of changed.keys) {
    run('update api_keys set name = ?, scopes = ? where id = ?', name, JSON.stringify(scopes), id);
  }
  for (const change of changed.webhooks) changeWebhook(run, cipher, change, now);
}

function make(
  run: Run,
  cipher: Cipher,
  { accounts, senders, keys, webhooks }: Configuration,
  now: number,
): void {
  for (const { id, name, createdAt, limits, keep } of accounts) {
    run(
      `insert into accounts (id, name, created_at, limits, keep_payload_days, keep_log_days)
        values (?, ?, ?, ?, ?, ?)`,
      ...[id, name, createdAt, JSON.stringify(limits), keep.payloadDays, keep.logDays],
    );
  }
  for (const { id, accountId, product, productUniqueId, label, createdAt } of senders) {
    run(
      'insert into senders (account_id, id, product, product_unique_id, label, created_at) values (?, ?, ?, ?, ?, ?)',
      ...[accountId, id, product, productUniqueId, label, createdAt],
    );
  }
  for (const { key, hash } of keys) {
    run(
      'insert into api_keys (id, account_id, name, scopes, hash, created_at) values (?, ?, ?, ?, ?, ?)',
      ...[key.id, key.accountId, key.name, JSON.stringify(key.scopes), hash, key.createdAt],
    );
  }
  for (const { webhook, secrets } of webhooks) {
    const { product, report_type, search_text } = configColumns(webhook.id, webhook);
    run(
      `insert into webhooks (account_id, id, product, report_type, status, disabled_reason, search_text, version,
        created_at, updated_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[webhook.accountId, webhook.id, product, report_type, webhook.status, webhook.disabledReason],
      ...[search_text, webhook.version, webhook.createdAt, webhook.updatedAt],
    );
    addVersion(run, cipher, webhook);
    addSecrets(run, cipher, webhook, secrets, now);
  }
}

function changeWebhook(
  run: Run,
  cipher: Cipher,
  { webhook, isNewVersion, isNewStatus, secrets }: WebhookChange,
  now: number,
): void {
  const { product, report_type, search_text } = configColumns(webhook.id, webhook);
  run(
    `update webhooks set product = ?, report_type = ?, search_text = ?, status = ?, disabled_reason = ?, failing_since = ?,
      version = ?, updated_at = ? where id = ?`,
    ...[product, report_type, search_text, webhook.status, webhook.disabledReason, webhook.failingSince],
    ...[webhook.version, webhook.updatedAt, webhook.id],
  );
  if (isNewVersion) addVersion(run, cipher, webhook);
  if (isNewStatus) run('update webhooks set untold_disabling = null where id = ?', webhook.id);
  // What was known of its endpoint says nothing of how it is called now.
  if (isNewVersion || isNewStatus) run('delete from open_breakers where webhook_id = ?', webhook.id);
  if (secrets === null) return;
  const before = 'where account_id = ? and webhook_id = ?';
  const ended = `update webhook_secrets set expires_at = min(coalesce(expires_at, ?), ?) ${before}`;
  run(ended, now, now, webhook.accountId, webhook.id);
  addSecrets(run, cipher, webhook, secrets, now);
}

function addVersion(run: Run, cipher: Cipher, webhook: Webhook): void {
  run(
    'insert into webhook_versions (account_id, webhook_id, version, config, created_at) values (?, ?, ?, ?, ?)',
    ...[webhook.accountId, webhook.id, webhook.version],
    ...[writeConfig(webhook, webhook.id, cipher), webhook.updatedAt],
  );
}

/** @param secrets newest first */
function addSecrets(
  run: Run,
  cipher: Cipher,
  { id, accountId }: Webhook,
  secrets: readonly SigningSecret[],
  since: number,
): void {
  for (const { secret, expiresAt } of secrets.toReversed()) {
    run(
      `insert into webhook_secrets (account_id, webhook_id, number, secret, expires_at, created_at)
        select ?, ?, coalesce(max(number), 0) + 1, ?, ?, ? from webhook_secrets where account_id = ? and webhook_id = ?`,
      ...[accountId, id, sealSecret(secret, id, cipher), expiresAt, since, accountId, id],
    );
  }
}
