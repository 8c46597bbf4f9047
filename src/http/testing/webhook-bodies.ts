/** Bodies of `POST /v1/webhooks` that are right. */
export const smsDlr = {
  product: 'sms',
  reportType: 'dlr',
  method: 'GET',
  url: 'https://example.com/dlr',
  parameterNames: {
    transactionId: 'txn_id',
    messageId: 'msg_id',
    errorCode: 'error_code',
    mobileNumber: 'mobile',
    receivedTime: 'received_time',
    deliveredTime: 'delivered_time',
  },
} as const;

export const whatsappDlr = { ...smsDlr, product: 'whatsapp', method: 'JSON' } as const;

export const whatsappMo = {
  product: 'whatsapp',
  reportType: 'mo',
  method: 'JSON',
  url: 'https://example.com/mo',
} as const;

export const operationalEvents = {
  product: 'hookwire',
  reportType: 'operations',
  method: 'JSON',
  url: 'https://example.com/operations',
} as const;
