import { type Kysely, sql } from 'kysely';
import type { Webhook, WebhookConfig } from '../../../core/webhook.ts';
import { normalNumber } from '../../../shared/normal-number.ts';
import type { Cipher } from '../../secrets/cipher.ts';
import type { Tables } from '../tables.ts';

/** A webhook with the configuration of its current version. */
export interface WebhookRow {
  readonly id: string;
  readonly account_id: string;
  readonly status: Webhook['status'];
  readonly disabled_reason: string | null;
  readonly failing_since: number | null;
  readonly version: number;
  readonly created_at: number;
  readonly updated_at: number;
  readonly config: string;
}

/** Webhooks that are not deleted, as {@link WebhookRow}. */
export function selectWebhooks(db: Kysely<Tables>) {
  return selectAllWebhooks(db).where('webhooks.deleted_at', 'is', null);
}

/**
 * The configuration of the row of `webhooks`, as it is now: looked up for the rows that are given, where a join may have
 * PostgreSQL read all versions there are for the few that pass a filter.
 */
export const currentConfig = sql<string>`(select current.config from webhook_versions as current
  where current.account_id = webhooks.account_id and current.webhook_id = webhooks.id
    and current.version = webhooks.version)`;

/** Deleted ones too. */
export function selectAllWebhooks(db: Kysely<Tables>) {
  return db
    .selectFrom('webhooks')
    .select([
      'webhooks.id',
      'webhooks.account_id',
      'webhooks.status',
      'webhooks.disabled_reason',
      'webhooks.failing_since',
      'webhooks.version',
      'webhooks.created_at',
      'webhooks.updated_at',
      currentConfig.as('config'),
    ]);
}

export function toWebhook(row: WebhookRow, cipher: Cipher): Webhook {
  return {
    ...readConfig(row.config, row.id, cipher),
    id: row.id,
    accountId: row.account_id,
    status: row.status,
    disabledReason: row.disabled_reason,
    failingSince: row.failing_since,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** The columns that a configuration decides. */
export function configColumns(id: string, config: WebhookConfig) {
  return {
    product: config.product,
    report_type: config.reportType,
    search_text: foldCase([id, config.url, config.description, config.productUniqueId].join('\n')),
  };
}

/** Both the text that is searched and the text that is looked for: case does not count, in any script. */
export function foldCase(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

/** JSON with the values of custom headers sealed; takes a whole webhook too, and keeps its configuration only. */
export function writeConfig(config: WebhookConfig, webhookId: string, cipher: Cipher): string {
  const stored: WebhookConfig = {
    product: config.product,
    reportType: config.reportType,
    method: config.method,
    url: config.url,
    productUniqueId: config.productUniqueId,
    parameterNames: config.parameterNames,
    customParameters: config.customParameters,
    customHeaders: config.customHeaders.map(({ name, value }) => ({
      name,
      value: cipher.seal(value, headerContext(webhookId, name)),
    })),
    description: config.description,
    settings: config.settings,
  };
  return JSON.stringify(stored);
}

export function readConfig(json: string, webhookId: string, cipher: Cipher): WebhookConfig {
  const stored = JSON.parse(json) as WebhookConfig;
  const { productUniqueId: number } = stored;
  return {
    ...stored,
    // Before the setting was there, every flat message carried it.
    settings: { ...stored.settings, moMessage: stored.settings.moMessage ?? true },
    // Those of before numbers had one form may begin with 00.
    productUniqueId: number === null ? null : normalNumber(number),
    customHeaders: stored.customHeaders.map(({ name, value }) => ({
      name,
      value: cipher.open(value, headerContext(webhookId, name)),
    })),
  };
}

/** The same JSON with the header values sealed by the current key; nothing else of it changes. */
export function resealConfig(json: string, webhookId: string, cipher: Cipher): string {
  const stored = JSON.parse(json) as WebhookConfig;
  const customHeaders = stored.customHeaders.map(({ name, value }) => {
    const context = headerContext(webhookId, name);
    return { name, value: cipher.seal(cipher.open(value, context), context) };
  });
  return JSON.stringify({ ...stored, customHeaders });
}

function headerContext(webhookId: string, name: string): string {
  return `${webhookId}/header/${name}`;
}
