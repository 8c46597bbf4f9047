import type { Webhook } from '../api/webhooks.ts';

/** A webhook as the gateway answers it, with what a test says in place of the usual. */
export function webhookOf(
  changes: Partial<Webhook> = {},
  settings: Partial<Webhook['settings']> = {},
): Webhook {
  return {
    id: 'wh_0a1b2c3d4e5f6g7h',
    accountId: 'acc_1',
    status: 'enabled',
    disabledReason: null,
    failingSince: null,
    version: 1,
    createdAt: '2026-11-20T10:00:00.000Z',
    updatedAt: '2026-11-20T10:00:00.000Z',
    product: 'sms',
    reportType: 'dlr',
    method: 'JSON',
    url: 'https://example.com/dlr',
    productUniqueId: null,
    parameterNames: {
      transactionId: 'txn_id',
      messageId: 'msg_id',
      errorCode: 'error_code',
      mobileNumber: 'mobile',
      receivedTime: 'received_time',
      deliveredTime: 'delivered_time',
    },
    customParameters: [],
    customHeaders: [],
    description: null,
    warnings: [],
    ...changes,
    settings: {
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
      ...settings,
    },
  };
}
