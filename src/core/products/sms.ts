import type { Product, SampleEvent } from './product.ts';

const received = Date.UTC(2026, 10, 22, 10, 15, 30);

function sample(title: string, status: string, errorCode: string, deliveredTime: number | null): SampleEvent {
  return {
    name: status,
    title,
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
    {
      field: 'transactionId',
      required: true,
      label: 'Transaction ID Parameter',
      exampleName: 'txn_id',
      description: 'The id of the request that handed in the message.',
    },
    {
      field: 'messageId',
      required: true,
      label: 'Message ID Parameter',
      exampleName: 'msg_id',
      description: 'The id of the message, the same in every report about it.',
    },
    {
      field: 'errorCode',
      required: true,
      label: 'Error Code Parameter',
      exampleName: 'error_code',
      description: 'Why the message failed; 000 where it did not.',
    },
    {
      field: 'mobileNumber',
      required: true,
      label: 'Mobile Number Parameter',
      exampleName: 'mobile',
      description: 'The number that the message went to.',
    },
    {
      field: 'receivedTime',
      required: true,
      label: 'Received Time Parameter',
      exampleName: 'received_time',
      description: 'When the platform took the message.',
    },
    {
      field: 'deliveredTime',
      required: true,
      label: 'Delivered Time Parameter',
      exampleName: 'delivered_time',
      description: 'When the message arrived; empty as long as it has not.',
    },
  ],
  statuses: ['accepted', 'sent', 'unknown', 'delivered', 'failed', 'expired', 'rejected'],
  samples: {
    dlr: [
      sample('Delivered', 'delivered', '000', received + 3_000),
      sample('Failed', 'failed', '027', null),
      sample('Expired', 'expired', '004', null),
    ],
  },
};
