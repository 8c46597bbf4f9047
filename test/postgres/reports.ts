/** An SMS's report, as far as these tests need one. */
export function report(accountId: string, messageId: string) {
  return {
    ...{ accountId, messageId, product: 'sms', reportType: 'dlr', status: 'delivered', errorCode: '000' },
    ...{ transactionId: 'txn-1', mobileNumber: '919812345678' },
    receivedTime: '2026-11-22T10:15:30.000Z',
    deliveredTime: '2026-11-22T10:15:33.000Z',
  };
}
