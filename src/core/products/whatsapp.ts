import type { JsonObject } from '../event.ts';
import type { Product, SampleEvent } from './product.ts';
import { sms } from './sms.ts';

const received = Date.UTC(2026, 10, 22, 10, 15, 30);
const timestamp = String(received / 1000);
const wabaNumber = '919999999999';
const person = '919812345678';

const base = {
  product: 'whatsapp',
  productUniqueId: wabaNumber,
  part: null,
  userId: null,
  profileName: null,
  sentTime: null,
  deliveredTime: null,
  readTime: null,
  attributes: null,
  message: null,
} as const;

function dlr(
  name: string,
  status: string,
  errorCode: string,
  times: { deliveredTime?: number; readTime?: number },
): SampleEvent {
  return {
    name,
    event: {
      ...base,
      reportType: 'dlr',
      transactionId: '81934341034091431',
      messageId: 'wamid.HBgMOTE5ODEyMzQ1Njc4FQIAERgSM0Y2QjE2RDU5',
      status,
      errorCode,
      mobileNumber: person,
      receivedTime: received,
      sentTime: received + 300,
      ...times,
    },
  };
}

function mo(name: string, message: JsonObject): SampleEvent {
  const messageId = 'wamid.HBgMOTE5ODEyMzQ1Njc4FQIAEhggQTk3';
  return {
    name,
    event: {
      ...base,
      reportType: 'mo',
      transactionId: null,
      messageId,
      status: null,
      errorCode: null,
      mobileNumber: person,
      profileName: 'Asha Rao',
      receivedTime: received,
      message: { from: person, id: messageId, timestamp, ...message },
    },
  };
}

/** WhatsApp: delivery reports with read time and status, and inbound messages; routed by WABA number. */
export const whatsapp: Product = {
  id: 'whatsapp',
  label: 'WhatsApp',
  kind: 'messages',
  reportTypes: ['dlr', 'mo'],
  identity: {
    label: 'WABA number',
    pattern: /^[0-9]{5,20}$/,
    shape: 'the number in international form, digits only, as in 919999999999',
  },
  fields: [
    ...sms.fields,
    { field: 'readTime', required: false, label: 'Read Time Parameter', exampleName: 'read_time' },
    { field: 'status', required: false, label: 'Status Parameter', exampleName: 'status' },
  ],
  statuses: ['accepted', 'sent', 'delivered', 'read', 'played', 'failed'],
  samples: {
    dlr: [
      dlr('delivered', 'delivered', '000', { deliveredTime: received + 3_000 }),
      dlr('read', 'read', '000', { deliveredTime: received + 3_000, readTime: received + 60_000 }),
      dlr('sent', 'sent', '000', {}),
      dlr('failed', 'failed', '131026', {}),
    ],
    mo: [
      mo('text', { type: 'text', text: { body: 'Hi! Is it still available? 🙂' } }),
      mo('image', {
        type: 'image',
        image: {
          id: '1003383421387256',
          mime_type: 'image/jpeg',
          sha256: 'SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI=',
          caption: 'Like this one',
        },
      }),
      mo('button reply', {
        type: 'interactive',
        interactive: { type: 'button_reply', button_reply: { id: 'confirm_order', title: 'Confirm' } },
      }),
      mo('list reply', {
        type: 'interactive',
        interactive: {
          type: 'list_reply',
          list_reply: { id: 'slot_3', title: '10:00', description: 'Tomorrow morning' },
        },
      }),
      mo('location', {
        type: 'location',
        location: {
          latitude: 12.9715987,
          longitude: 77.5945627,
          name: 'Office',
          address: '1 MG Road, Bengaluru',
        },
      }),
    ],
  },
};
