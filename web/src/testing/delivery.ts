import type { Attempt, Delivery, DeliveryDetail } from '../api/deliveries.ts';

/** A delivery as a list of the gateway has it, with what a test says in place of the usual. */
export function deliveryOf(changes: Partial<Delivery> = {}): Delivery {
  return {
    id: 'dlv_00000000001',
    eventId: 'evt_00000000001',
    accountId: 'acc_1',
    webhookId: 'wh_0a1b2c3d4e5f6g7h',
    product: 'sms',
    reportType: 'dlr',
    productUniqueId: null,
    messageId: 'shdgMj33hk8',
    transactionId: '81934341034091431',
    mobileNumber: '919812345678',
    status: 'delivered',
    errorCode: '000',
    state: 'delivered',
    stateReason: null,
    attemptCount: 1,
    statusCode: 200,
    errorClass: null,
    acceptedAt: '2026-11-22T10:15:30.000Z',
    nextAttemptAt: null,
    finishedAt: '2026-11-22T10:15:30.100Z',
    contents: 'kept',
    ...changes,
  };
}

export function attemptOf(changes: Partial<Attempt> = {}): Attempt {
  return {
    number: 1,
    webhookVersion: 1,
    manual: false,
    startedAt: '2026-11-22T10:15:30.050Z',
    durationMs: 50,
    statusCode: 503,
    errorClass: 'status',
    errorDetail: 'The endpoint answered 503; a 2xx status counts as delivered.',
    responseBody: 'busy',
    ...changes,
  };
}

export function detailOf(
  changes: Partial<Delivery> = {},
  attempts: readonly Attempt[] = [attemptOf()],
): DeliveryDetail {
  return {
    ...deliveryOf(changes),
    contentsKeptUntil: '2026-12-22T10:15:30.000Z',
    keptUntil: '2027-12-27T10:15:30.000Z',
    attempts: [...attempts],
  };
}
