import { messagingProductIds } from '../../core/products/index.ts';

/** The fields of an event on `POST /v1/events`, the limits of each, and their words in errors and OpenAPI. */
export type EventFieldKind =
  | { readonly kind: 'text'; readonly maxLength: number }
  | { readonly kind: 'time' }
  | { readonly kind: 'part' }
  | { readonly kind: 'object'; readonly maxBytes: number };

export interface EventField {
  readonly type: EventFieldKind;
  readonly description: string;
}

const text = (maxLength: number, description: string): EventField => ({
  type: { kind: 'text', maxLength },
  description,
});
const time = (description: string): EventField => ({
  type: { kind: 'time' },
  description: `${description} ISO 8601 with its zone.`,
});

/** Of the caller's own id, in characters. */
export const longestEventId = 128;
const longestMessageId = 512;

export const eventFields = {
  id: text(
    longestEventId,
    'Your own id for this event; the same id is accepted once per account. Without it a report that agrees in all that tells reports apart is accepted once in 7 days.',
  ),
  accountId: text(64, 'Whose event it is. Required with an operator key; an account key may leave it out.'),
  product: text(16, '`sms` or `whatsapp`.'),
  reportType: text(16, '`dlr` or, for WhatsApp, `mo`.'),
  productUniqueId: text(64, 'WhatsApp: the Waba Number that sent or received the message.'),
  transactionId: text(256, 'Your id for the submission, as text.'),
  messageId: text(longestMessageId, 'The id of the message, as text.'),
  part: { type: { kind: 'part' }, description: 'Part of a multipart SMS, from 1.' },
  status: text(
    32,
    'DLR: `accepted`, `sent`, `delivered`, `read`, `failed`, `expired`, `rejected`, `unknown`, ' +
      "in any case, SMPP's words for them, or your own word. It is sent on as it came.",
  ),
  errorCode: text(64, 'As text: "000" and 0 are different codes.'),
  mobileNumber: text(64, "The person's number with its country code, however it is written."),
  userId: text(160, "WhatsApp's business-scoped user id, for people without a visible number."),
  profileName: text(512, "MO: the person's profile name."),
  receivedTime: time('When you received the message.'),
  sentTime: time('When it was sent on.'),
  deliveredTime: time('When it reached the handset.'),
  readTime: time('WhatsApp: when it was read.'),
  attributes: {
    type: { kind: 'object', maxBytes: 16_384 },
    description:
      'Anything else you know: templateId, entityId, operator …; of an MO `contacts` as Meta sends them. Kept as it came.',
  },
  message: {
    type: { kind: 'object', maxBytes: 262_144 },
    description:
      'MO: the message object as Meta sends it. It is kept and sent on as it came, character for character.',
  },
} as const satisfies Record<string, EventField>;

export type EventFieldName = keyof typeof eventFields;

/** What `product` and `reportType` can be; these two and `messageId` every event has. */
const demanded: Readonly<Record<string, object>> = {
  product: { type: 'string', enum: [...messagingProductIds] },
  reportType: { type: 'string', enum: ['dlr', 'mo'] },
  messageId: { type: 'string', minLength: 1, maxLength: longestMessageId },
};

/** JSON Schema of one event, for OpenAPI. The checks themselves are in `parse-event.ts`. */
export function eventJsonSchema() {
  const properties = Object.fromEntries(
    Object.entries<EventField>(eventFields).map(([name, { type, description }]) => [
      name,
      { ...(demanded[name] ?? schemaOf(type)), description },
    ]),
  );
  return {
    type: 'object',
    properties,
    required: Object.keys(demanded),
    additionalProperties: false,
  };
}

/** The same for a trial, where every field may be left out. */
export function trialEventJsonSchema() {
  const properties = Object.fromEntries(
    Object.entries<EventField>(eventFields).map(([name, { type, description }]) => [
      name,
      { ...schemaOf(type), description },
    ]),
  );
  return { type: 'object', properties, additionalProperties: false };
}

function schemaOf(type: EventFieldKind): object {
  switch (type.kind) {
    case 'text':
      return { type: ['string', 'null'], minLength: 1, maxLength: type.maxLength };
    case 'time':
      return { type: ['string', 'null'], format: 'date-time' };
    case 'part':
      return { type: ['integer', 'null'], minimum: 1, maximum: 255 };
    case 'object':
      return { type: ['object', 'null'], additionalProperties: true };
  }
}
