import Type from 'typebox';
import { productIds } from '../../../core/products/index.ts';
import {
  eventFields,
  eventJsonSchema,
  trialEventJsonSchema,
} from '../../../sources/http-api/event-fields.ts';
import {
  closed,
  component,
  instant,
  nullableInstant,
  nullableInteger,
  nullableText,
  nullableWord,
  word,
} from '../../shapes/schema.ts';
import { delivery } from '../deliveries/schema.ts';
import { reportTypes } from '../webhooks/input/schema.ts';

/** Objects of whatever there is; each has one name wherever it stands. */
const openObject = { type: ['object', 'null'], additionalProperties: true };
const attributes = {
  ...openObject,
  ...component('Attributes', eventFields.attributes.description),
};
/** Of an MO. */
export const inboundMessage = {
  ...openObject,
  ...component('InboundMessage', eventFields.message.description),
};

/** An event's schema, with names for its parts. */
function withNames(schema: { readonly properties: object }) {
  return { ...schema, properties: { ...schema.properties, attributes, message: inboundMessage } };
}

/** Documents an event; `sources/http-api` checks it. */
export const newEvent = Type.Unsafe<unknown>({
  ...withNames(eventJsonSchema()),
  ...component('NewEvent', 'A delivery report or an inbound message.'),
});

export const mostEvents = 1000;

/** The same for a trial, where every field may be left out. */
export const trialEvent = Type.Unsafe<unknown>({
  ...withNames(trialEventJsonSchema()),
  ...component('TrialEvent', "An event's fields; those that are left out come from a sample."),
});

const newEventList = {
  type: 'array',
  items: newEvent,
  minItems: 1,
  maxItems: mostEvents,
  ...component('NewEventList', `At most ${mostEvents} events.`),
};

export const newEvents = Type.Unsafe<unknown>({
  oneOf: [newEvent, newEventList],
  ...component('NewEvents', `One event, or a list of at most ${mostEvents}.`),
});

export const inputError = closed(
  { path: Type.String({ description: "JSON path from the body's root." }), message: Type.String() },
  component('InputError', 'A wrong place of an input.'),
);

export const metLimit = closed(
  {
    name: Type.String({
      description: 'Of an account: its name in `GET /v1/limits`.',
      examples: ['webhooks'],
    }),
    value: Type.Integer(),
  },
  component('MetLimit', 'The limit that the caller has met.'),
);

const result = closed(
  {
    id: nullableText({
      description:
        'Of the event, for a duplicate of the one that it repeats; `null` where it was rejected and had none.',
    }),
    result: word(['accepted', 'duplicate', 'rejected']),
    deliveries: Type.Integer({ description: 'How many webhooks get it.' }),
    unmatched: Type.Optional(
      word(['sender'], {
        description:
          'Its `productUniqueId` is no sender of the account. It was taken all the same, and goes to webhooks for all numbers.',
      }),
    ),
    differs: Type.Optional(
      Type.Boolean({
        description:
          'Only ever `true`: a duplicate by its `id` that is another report than the one taken under it. It was not taken: give each report an id of its own, or none.',
      }),
    ),
    errors: Type.Optional(
      Type.Array(inputError, {
        description: 'Of a rejected one; there are none where those before it have 50, or 12 KiB, already.',
      }),
    ),
    code: Type.Optional(
      word(['slow_down', 'overloaded'], {
        description:
          'The account is at a limit (`slow_down`), or too much waits to be written (`overloaded`), and none of its events ' +
          'of this call was taken: send the same event again after `retryAfterSeconds`. Without it, a rejected event is not valid.',
      }),
    ),
    limit: Type.Optional(metLimit),
    retryAfterSeconds: Type.Optional(Type.Integer()),
  },
  component('EventResult', 'What became of an event.'),
);

export const eventResults = {
  accepted: Type.Integer(),
  duplicates: Type.Integer(),
  rejected: Type.Integer(),
  events: Type.Array(result, { description: 'In the order given.' }),
};

export const eventsAnswer = closed(
  eventResults,
  component('EventsAnswer', 'What is `accepted` is on disk, with its deliveries.'),
);

export const eventDetail = closed(
  {
    id: Type.String(),
    accountId: Type.String(),
    product: word(productIds),
    reportType: word(reportTypes),
    productUniqueId: nullableText(),
    transactionId: nullableText(),
    messageId: Type.String(),
    part: nullableInteger(),
    status: nullableText(),
    errorCode: nullableText(),
    mobileNumber: nullableText(),
    userId: nullableText(),
    profileName: nullableText(),
    receivedTime: nullableInstant,
    sentTime: nullableInstant,
    deliveredTime: nullableInstant,
    readTime: nullableInstant,
    attributes: Type.Unsafe<object | null>(attributes),
    message: Type.Unsafe<object | null>(inboundMessage),
    unmatched: nullableWord(['sender'], {
      description: '`sender`: its `productUniqueId` is no sender of the account now.',
    }),
    acceptedAt: instant,
    deliveries: Type.Array(delivery),
  },
  component('EventDetail', 'An event with its deliveries.'),
);
