/** A delivery report of an SMS, as a platform hands it in. */
export function smsReport(accountId: string, messageId: string): object {
  return {
    accountId,
    product: 'sms',
    reportType: 'dlr',
    messageId,
    transactionId: '81934341034091431',
    status: 'delivered',
    errorCode: '000',
    mobileNumber: '919812345678',
    receivedTime: '2026-11-22T10:15:30.000Z',
    deliveredTime: '2026-11-22T10:15:33.000Z',
  };
}

/** A read report of a WhatsApp message. */
export function whatsappReport(accountId: string, productUniqueId: string, messageId: string): object {
  return {
    ...smsReport(accountId, messageId),
    product: 'whatsapp',
    productUniqueId,
    status: 'read',
    readTime: '2026-11-22T10:16:00.000Z',
  };
}

/** A text that somebody sent to a Waba Number. */
export function inboundText(
  accountId: string,
  productUniqueId: string,
  messageId: string,
  text: string,
): object {
  return {
    accountId,
    product: 'whatsapp',
    reportType: 'mo',
    productUniqueId,
    messageId,
    mobileNumber: '919812345678',
    profileName: 'Asha',
    receivedTime: '2026-11-22T10:15:30.000Z',
    message: { type: 'text', text: { body: text } },
  };
}
