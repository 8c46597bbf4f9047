import type { Event, JsonText } from '../core/event.ts';
import { jsonText } from '../core/json-text.ts';
import { sms } from '../core/products/sms.ts';
import type { Webhook, WebhookSettings } from '../core/webhook.ts';

/** Settings as a webhook has them when its owner gives none. */
export const testSettings: WebhookSettings = {
  timeFormat: 'iso',
  timeZone: 'UTC',
  mobileFormat: 'digits',
  moFormat: 'whatsapp',
  moMessage: true,
  timeoutMs: 15_000,
  maxConcurrency: 50,
  ratePerSecond: null,
  retry: { maxAttempts: 11, giveUpAfterMs: null },
  success: { codes: null, bodyContains: null },
  ordered: false,
  batch: null,
  statuses: null,
};

export const testParameterNames = {
  transactionId: 'txn_id',
  messageId: 'msg_id',
  errorCode: 'error_code',
  mobileNumber: 'mobile',
  receivedTime: 'received_time',
  deliveredTime: 'delivered_time',
} as const;

/** Parts of an event; what is JSON text in it may be given as an object. */
export type EventParts = Partial<Omit<Event, 'attributes' | 'message'>> & {
  readonly attributes?: object | JsonText | null;
  readonly message?: object | JsonText | null;
};

/** An event with the given parts replaced. */
export function withParts(event: Event, { attributes, message, ...parts }: EventParts): Event {
  const text = (given: object | JsonText | null) =>
    typeof given === 'object' && given !== null ? jsonText(given) : given;
  return {
    ...event,
    ...parts,
    ...(attributes !== undefined && { attributes: text(attributes) }),
    ...(message !== undefined && { message: text(message) }),
  };
}

/** A delivered SMS report of account `acc_1`, with the given parts replaced. */
export function testEvent(parts: EventParts): Event {
  const sample = sms.samples.dlr?.[0].event;
  if (!sample) throw new Error('SMS has no sample');
  return withParts({ ...sample, id: 'evt_1', accountId: 'acc_1' }, parts);
}

/** An enabled SMS DLR webhook of account `acc_1`, with the given parts replaced. */
export function testWebhook(parts: Partial<Webhook>): Webhook {
  return {
    id: 'wh_1',
    accountId: 'acc_1',
    product: 'sms',
    reportType: 'dlr',
    method: 'JSON',
    url: 'https://example.com/dlr',
    productUniqueId: null,
    parameterNames: testParameterNames,
    customParameters: [],
    customHeaders: [],
    description: null,
    settings: testSettings,
    status: 'enabled',
    disabledReason: null,
    failingSince: null,
    version: 1,
    createdAt: 0,
    updatedAt: 0,
    ...parts,
  };
}
