import type { ReportType } from './products/product.ts';
import type { MobileFormat, MoFormat, SendMethod, TimeFormat } from './webhook.ts';

/** How a form shows one of several values. */
export interface Words {
  readonly label: string;
  readonly description: string;
}

/** The methods in the order of the form. */
export const methodWords: { readonly [M in SendMethod]: Words } = {
  POST: { label: 'POST', description: 'A form: name=value pairs in the body.' },
  GET: { label: 'GET', description: 'name=value pairs in the query of the URL.' },
  JSON: { label: 'JSON', description: 'A POST with a JSON object.' },
  XML: { label: 'XML', description: 'A POST with an XML document.' },
};

export const reportTypeWords: { readonly [T in ReportType]: Words } = {
  dlr: { label: 'DLR', description: 'Delivery reports: what became of each message that was sent.' },
  mo: { label: 'MO', description: 'Inbound messages: what people write to the number.' },
  operations: {
    label: 'Alerts',
    description: 'What the gateway reports of webhooks and deliveries that fail.',
  },
};

export const timeFormatWords: { readonly [F in TimeFormat]: Words } = {
  iso: { label: 'ISO 8601', description: '2026-11-22T10:15:30.000Z, or with the offset of the time zone' },
  epochSeconds: { label: 'Seconds since 1970', description: '1795342530' },
  epochMilliseconds: { label: 'Milliseconds since 1970', description: '1795342530000' },
  'YYYY-MM-DD HH:mm:ss': {
    label: 'Date and time',
    description: '2026-11-22 10:15:30, in the time zone',
  },
};

export const mobileFormatWords: { readonly [F in MobileFormat]: Words } = {
  digits: { label: 'Digits', description: '919812345678' },
  e164: { label: 'With a plus sign', description: '+919812345678' },
};

export const moFormatWords: { readonly [F in MoFormat]: Words } = {
  whatsapp: { label: 'As WhatsApp sends it', description: "Meta's own object; for the method JSON only." },
  flat: { label: 'Flat', description: 'One value for each name, the same for every method.' },
};
