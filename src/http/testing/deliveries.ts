import { products } from '../../core/products/index.ts';
import type { DeliveryDetail } from '../../stores/ports/history.ts';

const acceptedAt = Date.UTC(2026, 10, 22, 10, 15, 31);

/** A delivery `dlv_1` of an event `evt_1` that was tried once. */
export function sampleDelivery(accountId: string, webhookId = 'wh_1'): DeliveryDetail {
  const sample = products.sms.samples.dlr?.[0].event;
  if (!sample) throw new Error('SMS has a sample');
  return {
    id: 'dlv_1',
    webhookId,
    event: { ...sample, id: 'evt_1', accountId },
    state: 'retrying',
    stateReason: null,
    attempts: 1,
    nextAttemptAt: acceptedAt + 5_000,
    acceptedAt,
    finishedAt: null,
    statusCode: 503,
    errorClass: 'status',
    attemptLog: [
      {
        number: 1,
        webhookVersion: 1,
        manual: false,
        startedAt: acceptedAt + 1,
        durationMs: 20,
        statusCode: 503,
        errorClass: 'status',
        errorDetail: null,
        responseBody: 'busy',
      },
    ],
  };
}
