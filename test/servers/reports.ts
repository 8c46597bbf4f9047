/** A report, the webhooks that ask for it in every form, and what their endpoint must find in it. */
export interface ReportCase {
  readonly what: string;
  readonly webhook: object;
  readonly event: object;
  /** Name and value, as in a query or a form. */
  readonly values: Readonly<Record<string, string>>;
  /** Where a query has others. */
  readonly query?: Readonly<Record<string, string>>;
  readonly json: object;
  /** The name of an element of XML. */
  readonly element: string;
}

export const wabaNumber = '919999999999';
/** What people write and encodings stumble over. */
const tricky = `a+b & <c> "d" 'e' 100% \\ 🙂 नमस्ते مرحبا\n\tnew line; ü = é?`;
const customParameters = [{ name: 'tenant', value: '42 & <co>' }];
const customHeaders = [{ name: 'X-Api-Key', value: 'p&ss w=rd' }];
const names = {
  transactionId: 'txn_id',
  messageId: 'msg_id',
  errorCode: 'error_code',
  mobileNumber: 'mobile',
  receivedTime: 'received_time',
  deliveredTime: 'delivered_time',
};
const smsValues = {
  txn_id: '18446744073709551617',
  msg_id: 'm<1>&+/=',
  error_code: '000',
  mobile: '919812345678',
  received_time: '2026-11-22T10:15:30.000Z',
  delivered_time: '',
  tenant: '42 & <co>',
};
const dlr = {
  reportType: 'dlr',
  transactionId: smsValues.txn_id,
  messageId: smsValues.msg_id,
  status: 'delivered',
  errorCode: '000',
  mobileNumber: '919812345678',
  receivedTime: '2026-11-22T10:15:30.000Z',
};
const { tenant, ...smsReport } = smsValues;
const whatsappValues = {
  ...smsReport,
  delivered_time: '2026-11-22T10:15:33.000Z',
  read_time: '2026-11-22T10:16:00.000Z',
  state: 'read',
  tenant,
};
const message = { type: 'text', text: { body: tricky } };
const moQuery = {
  wabaNumber,
  messageId: 'wamid.HBgM+/=',
  mobileNumber: '919812345678',
  profileName: 'आशा & Co',
  receivedTime: '2026-11-22T10:15:30.000Z',
  type: 'text',
  text: tricky,
  tenant: '42 & <co>',
};
const { tenant: own, ...said } = moQuery;
const moValues = { ...said, message: JSON.stringify(message), tenant: own };

export const reportCases: readonly ReportCase[] = [
  {
    what: 'an SMS delivery report',
    webhook: { product: 'sms', reportType: 'dlr', parameterNames: names, customParameters, customHeaders },
    event: { ...dlr, product: 'sms' },
    values: smsValues,
    json: { ...smsValues, delivered_time: null },
    element: 'dlr',
  },
  {
    what: 'a WhatsApp delivery report',
    webhook: {
      product: 'whatsapp',
      reportType: 'dlr',
      productUniqueId: wabaNumber,
      parameterNames: { ...names, readTime: 'read_time', status: 'state' },
      customParameters,
      customHeaders,
    },
    event: {
      ...dlr,
      product: 'whatsapp',
      productUniqueId: wabaNumber,
      status: 'read',
      deliveredTime: whatsappValues.delivered_time,
      readTime: whatsappValues.read_time,
    },
    values: whatsappValues,
    json: whatsappValues,
    element: 'dlr',
  },
  {
    what: 'an inbound WhatsApp message',
    webhook: {
      product: 'whatsapp',
      reportType: 'mo',
      productUniqueId: null,
      parameterNames: {},
      customParameters,
      customHeaders,
    },
    event: {
      product: 'whatsapp',
      reportType: 'mo',
      productUniqueId: wabaNumber,
      messageId: moValues.messageId,
      mobileNumber: moValues.mobileNumber,
      profileName: moValues.profileName,
      receivedTime: moValues.receivedTime,
      message,
    },
    values: moValues,
    query: moQuery,
    json: {
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: wabaNumber },
      contacts: [{ profile: { name: moValues.profileName }, wa_id: moValues.mobileNumber }],
      messages: [
        {
          from: moValues.mobileNumber,
          id: moValues.messageId,
          timestamp: '1795342530',
          type: 'text',
          text: { body: tricky },
        },
      ],
      tenant: '42 & <co>',
    },
    element: 'mo',
  },
];
