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
  title: string,
  status: string,
  errorCode: string,
  times: { deliveredTime?: number; readTime?: number },
): SampleEvent {
  return {
    name: status,
    title,
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

/** @param title also the sample's name, in lower case */
function mo(title: string, message: JsonObject): SampleEvent {
  const messageId = 'wamid.HBgMOTE5ODEyMzQ1Njc4FQIAEhggQTk3';
  return {
    name: title.toLowerCase(),
    title,
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
      message: JSON.stringify({ from: person, id: messageId, timestamp, ...message }),
    },
  };
}

/** WhatsApp: delivery reports with read time and status, and inbound messages; routed by Waba Number. */
export const whatsapp: Product = {
  id: 'whatsapp',
  label: 'WhatsApp',
  kind: 'messages',
  reportTypes: ['dlr', 'mo'],
  identity: {
    label: 'Waba Number',
    pattern: /^[0-9]{5,20}$/,
    shape: 'the number with its country code, 5 to 20 digits, as in 919999999999',
  },
  fields: [
    ...sms.fields,
    {
      field: 'readTime',
      required: false,
      label: 'Read Time Parameter',
      exampleName: 'read_time',
      description: 'When the message was read; empty as long as it was not.',
    },
    {
      field: 'status',
      required: false,
      label: 'Status Parameter',
      exampleName: 'status',
      description: 'How far the message came: sent, delivered, read or failed.',
    },
  ],
  statuses: ['accepted', 'sent', 'delivered', 'read', 'played', 'failed'],
  samples: {
    dlr: [
      dlr('Delivered', 'delivered', '000', { deliveredTime: received + 3_000 }),
      dlr('Read', 'read', '000', { deliveredTime: received + 3_000, readTime: received + 60_000 }),
      dlr('Sent', 'sent', '000', {}),
      dlr('Failed', 'failed', '131026', {}),
    ],
    mo: [
      mo('Text', { type: 'text', text: { body: 'Hi! Is it still available? 🙂' } }),
      mo('Image', {
        type: 'image',
        image: {
          id: '1003383421387256',
          mime_type: 'image/jpeg',
          sha256: 'SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI=',
          caption: 'Like this one',
        },
      }),
      mo('Button reply', {
        type: 'interactive',
        interactive: { type: 'button_reply', button_reply: { id: 'confirm_order', title: 'Confirm' } },
      }),
      mo('List reply', {
        type: 'interactive',
        interactive: {
          type: 'list_reply',
          list_reply: { id: 'slot_3', title: '10:00', description: 'Tomorrow morning' },
        },
      }),
      mo('Location', {
        type: 'location',
        location: {
          latitude: 12.9715987,
          longitude: 77.5945627,
          name: 'Office',
          address: '1 MG Road, Bengaluru',
        },
      }),
      mo('Document', {
        type: 'document',
        document: {
          id: '1003383421387257',
          mime_type: 'application/pdf',
          sha256: 'q4dVOlLIcvSzVJhd0ZD7Jg5Y7R6vJ8cCwDn2u1m2c3E=',
          filename: 'order-4711.pdf',
          caption: 'The order',
        },
      }),
      mo('Reaction', {
        type: 'reaction',
        reaction: { message_id: 'wamid.HBgMOTE5ODEyMzQ1Njc4FQIAERgSM0Y2QjE2RDU5', emoji: '👍' },
      }),
    ],
  },
};
