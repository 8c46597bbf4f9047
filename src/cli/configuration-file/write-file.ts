import { limitNames } from '../../core/account-limits.ts';
import { dlrFields } from '../../core/products/product.ts';
import {
  type SigningSecret,
  usualBatchBytes,
  type WebhookConfig,
  type WebhookWithSecrets,
} from '../../core/webhook.ts';
import { formatInstant } from '../../http/shapes/instants.ts';
import { isEd25519 } from '../../rendering/signing-secret.ts';
import type { HashedKey, StoredConfiguration } from '../../stores/ports/configuration.ts';
import type { Account, Sender } from '../../stores/ports/directory.ts';
import {
  type AccountEntry,
  type ConfigurationFile,
  formatName,
  formatVersion,
  type WebhookEntry,
} from './schema.ts';
import { type FileSealing, headerContext, secretContext } from './sealing.ts';

export interface WriteOptions {
  readonly sealing: FileSealing | null;
  /** ms since the Unix epoch: secrets that have expired then are left out. */
  readonly now: number;
}

/**
 * A configuration as the text of a file; what is secret is sealed, or left out without `sealing`. The same configuration is the same text: everything stands in the
 * order of ids, numbers or names, a line for each value, so that a change of one thing changes its lines alone.
 */
export function writeConfigurationFile(stored: StoredConfiguration, { sealing, now }: WriteOptions): string {
  const { accounts, keys } = stored;
  const entryOf = accountEntries(stored, (webhook) => webhookEntry(webhook, sealing, now));
  const file: ConfigurationFile = {
    format: formatName,
    version: formatVersion,
    ...(sealing && { sealing: sealing.entry }),
    operatorKeys: sorted(keys.filter(({ key }) => key.accountId === null).map(keyEntry), ({ id }) => id),
    accounts: sorted(accounts, ({ id }) => id).map(entryOf),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

function accountEntries(
  stored: StoredConfiguration,
  entryOf: (webhook: WebhookWithSecrets) => WebhookEntry,
): (account: Account) => AccountEntry {
  const senders = Map.groupBy(stored.senders, ({ accountId }) => accountId);
  const keys = Map.groupBy(stored.keys, ({ key }) => key.accountId);
  const webhooks = Map.groupBy(stored.webhooks, ({ webhook }) => webhook.accountId);
  return ({ id, name, limits, keep, createdAt }) => ({
    id,
    name,
    limits: Object.fromEntries(
      limitNames.flatMap((limit) => (limits[limit] === undefined ? [] : [[limit, limits[limit]]])),
    ),
    keep: { payloadDays: keep.payloadDays, logDays: keep.logDays },
    senders: sorted(
      senders.get(id) ?? [],
      ({ product, productUniqueId }) => `${product} ${productUniqueId}`,
    ).map(senderEntry),
    keys: sorted(keys.get(id) ?? [], ({ key }) => key.id).map((hashed) => {
      const { createdAt, ...entry } = keyEntry(hashed);
      return { ...entry, scopes: [...hashed.key.scopes], createdAt };
    }),
    webhooks: sorted(webhooks.get(id) ?? [], ({ webhook }) => webhook.id).map(entryOf),
    createdAt: formatInstant(createdAt),
  });
}

function keyEntry({ key: { id, name, createdAt }, hash }: HashedKey) {
  return { id, name, hash, createdAt: formatInstant(createdAt) };
}

function senderEntry({ id, product, productUniqueId, label, createdAt }: Sender) {
  return { id, product, productUniqueId, label, createdAt: formatInstant(createdAt) };
}

function webhookEntry(
  { webhook, secrets }: WebhookWithSecrets,
  sealing: FileSealing | null,
  now: number,
): WebhookEntry {
  const live = secrets.filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
  const { id, status, disabledReason, createdAt } = webhook;
  const { product, reportType, method, url, productUniqueId, description } = webhook;
  const named = dlrFields.flatMap((field) => {
    const name = webhook.parameterNames[field];
    return name === undefined ? [] : [[field, name]];
  });
  return {
    id,
    status,
    ...(status === 'disabled' && { disabledReason }),
    ...{ product, reportType, method, url, productUniqueId },
    parameterNames: Object.fromEntries(named),
    customParameters: webhook.customParameters.map(({ name, value }) => ({ name, value })),
    description,
    settings: settingsEntry(webhook),
    customHeaders: webhook.customHeaders.map(({ name, value }) => ({
      name,
      ...(sealing && { sealed: sealing.seal(value, headerContext(id, name)) }),
    })),
    signature: signatureOf(secrets),
    ...(sealing &&
      live.length > 0 && {
        sealedSecrets: live.map(({ secret, expiresAt }) => ({
          sealed: sealing.seal(secret, secretContext(id)),
          ...(expiresAt !== null && { expiresAt: formatInstant(expiresAt) }),
        })),
      }),
    createdAt: formatInstant(createdAt),
  };
}

/** Every setting, since a file is to mean the same where other values are the usual ones. */
function settingsEntry({ settings }: WebhookConfig): NonNullable<WebhookEntry['settings']> {
  const { retry, success, batch, statuses } = settings;
  return {
    timeFormat: settings.timeFormat,
    timeZone: settings.timeZone,
    mobileFormat: settings.mobileFormat,
    moFormat: settings.moFormat,
    moMessage: settings.moMessage,
    timeoutMs: settings.timeoutMs,
    maxConcurrency: settings.maxConcurrency,
    ratePerSecond: settings.ratePerSecond,
    retry: { maxAttempts: retry.maxAttempts, giveUpAfterMs: retry.giveUpAfterMs },
    success: { codes: success.codes && [...success.codes], bodyContains: success.bodyContains },
    ordered: settings.ordered,
    batch: batch && {
      maxItems: batch.maxItems,
      maxWaitMs: batch.maxWaitMs,
      maxBytes: batch.maxBytes ?? usualBatchBytes,
    },
    statuses: statuses && [...statuses],
  };
}

function signatureOf([current]: readonly SigningSecret[]): 'v1' | 'v1a' {
  return current && isEd25519(current.secret) ? 'v1a' : 'v1';
}

/** By code units, which no locale changes. */
function sorted<T>(things: readonly T[], keyOf: (thing: T) => string | undefined): T[] {
  const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return things.toSorted((a, b) => order(keyOf(a) ?? '', keyOf(b) ?? ''));
}
