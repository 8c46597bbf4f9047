import type { Product, SampleEvent } from './product.ts';

const received = Date.UTC(2026, 10, 22, 10, 15, 30);

function sample(name: string, status: string, errorCode: string, deliveredTime: number | null): SampleEvent {
  return {
    name,
    event: {
      product: 'sms',
      reportType: 'dlr',
      productUniqueId: null,
      transactionId: '81934341034091431',
      messageId: 'shdgMj33hk8',
      part: 1,
      status,
      errorCode,
      mobileNumber: '919812345678',
      userId: null,
      profileName: null,
      receivedTime: received,
      sentTime: received + 420,
      deliveredTime,
      readTime: null,
      attributes: null,
      message: null,
    },
  };
}

/** SMS: delivery reports only; the handset is the only identity. Error code `000` is success. */
export const sms: Product = {
  id: 'sms',
  label: 'SMS',
  kind: 'messages',
  reportTypes: ['dlr'],
  identity: null,
  fields: [
    { field: 'transactionId', required: true, label: 'Transaction ID Parameter', exampleName: 'txn_id' },
    { field: 'messageId', required: true, label: 'Message ID Parameter', exampleName: 'msg_id' },
    { field: 'errorCode', required: true, label: 'Error Code Parameter', exampleName: 'error_code' },
    { field: 'mobileNumber', required: true, label: 'Mobile Number Parameter', exampleName: 'mobile' },
    { field: 'receivedTime', required: true, label: 'Received Time Parameter', exampleName: 'received_time' },
    {
      field: 'deliveredTime',
      required: true,
      label: 'Delivered Time Parameter',
      exampleName: 'delivered_time',
    },
  ],
  statuses: ['accepted', 'sent', 'unknown', 'delivered', 'failed', 'expired', 'rejected'],
  samples: {
    dlr: [
      sample('delivered', 'delivered', '000', received + 3_000),
      sample('failed', 'failed', '027', null),
      sample('expired', 'expired', '004', null),
    ],
  },
};
