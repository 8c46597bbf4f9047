import type { EventFacts, JsonObject } from '../event.ts';
import type { Product, SampleEvent } from './product.ts';

/** What the gateway itself reports; the `type` of an operational event and, in its {@link Event}, the status. */
export const operationalTypes = [
  'webhook.failing',
  'webhook.recovered',
  'webhook.disabled',
  'delivery.failed',
] as const;
export type OperationalType = (typeof operationalTypes)[number];

/**
 * An operational event as the report that it travels as.
 *
 * @param at when it happened, ms
 * @param subjectId the webhook or the delivery that it is about: what orders its events and finds them in the history
 */
export function operationalReport(
  type: OperationalType,
  at: number,
  subjectId: string,
  data: JsonObject,
): EventFacts {
  return {
    product: 'hookwire',
    reportType: 'operations',
    productUniqueId: null,
    transactionId: null,
    messageId: subjectId,
    part: null,
    status: type,
    errorCode: null,
    mobileNumber: null,
    userId: null,
    profileName: null,
    receivedTime: at,
    sentTime: null,
    deliveredTime: null,
    readTime: null,
    attributes: JSON.stringify(data),
    message: null,
  };
}

const at = Date.UTC(2026, 10, 22, 10, 15, 30);
const webhook = {
  accountId: 'acc_0a1b2c3d4e5f6g7h',
  webhookId: 'wh_0a1b2c3d4e5f6g7h',
  url: 'https://example.com/dlr?…',
  product: 'sms',
  reportType: 'dlr',
} as const;
const since = '2026-11-22T10:14:02.000Z';

function sample(title: string, type: OperationalType, subjectId: string, data: JsonObject): SampleEvent {
  return { name: type, title, event: operationalReport(type, at, subjectId, data) };
}

/** Hookwire itself: what happens to webhooks and deliveries, for who wants to hear of it without asking. */
export const hookwire: Product = {
  id: 'hookwire',
  label: 'Alerts',
  kind: 'operations',
  reportTypes: ['operations'],
  identity: null,
  fields: [],
  statuses: operationalTypes,
  samples: {
    operations: [
      sample('A webhook fails', 'webhook.failing', webhook.webhookId, { ...webhook, since }),
      sample('A webhook is well again', 'webhook.recovered', webhook.webhookId, { ...webhook, since }),
      sample('A webhook was disabled', 'webhook.disabled', webhook.webhookId, {
        ...webhook,
        reason: 'failing',
        since: '2026-11-17T10:15:28.000Z',
      }),
      sample('A delivery failed for good', 'delivery.failed', 'dlv_0a1b2c3d4e6', {
        ...webhook,
        deliveryId: 'dlv_0a1b2c3d4e6',
        eventId: 'evt_0a1b2c3d4e5',
        messageId: 'shdgMj33hk8',
        transactionId: '81934341034091431',
        reason: 'attempts_exhausted',
        attempts: 11,
        statusCode: 503,
        errorClass: 'status',
        acceptedAt: '2026-11-21T10:02:11.000Z',
      }),
    ],
  },
};
