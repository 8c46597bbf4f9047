import type { WebhookConfig } from '../core/webhook.ts';
import { customFields } from './fields.ts';
import type { ObjectWriter } from './formats/format.ts';
import { jsonFormat } from './formats/json.ts';
import { createTimeFormatter } from './time.ts';

/** The members of an operational event; a custom parameter cannot have one of these names. */
export const operationsNames = ['type', 'timestamp', 'data'] as const;

const time = createTimeFormatter('iso', 'UTC');

/**
 * Writes operational events as Standard Webhooks has payloads, with the custom parameters behind:
 * ```json
 * { "type": "webhook.failing", "timestamp": "2026-11-22T10:15:30.000Z", "data": { "webhookId": "wh_…" } }
 * ```
 */
export function createOperationsWriter(config: WebhookConfig): ObjectWriter {
  const custom = customFields(config, jsonFormat);
  return ({ status, receivedTime, attributes }) =>
    `{"type":${JSON.stringify(status)},"timestamp":${JSON.stringify(time(receivedTime))},` +
    `"data":${attributes}${custom}}`;
}
