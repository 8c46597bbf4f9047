import Type from 'typebox';
import { productIds } from '../../../core/products/index.ts';
import {
  eventFields,
  eventJsonSchema,
  trialEventJsonSchema,
} from '../../../sources/http-api/event-fields.ts';
import { eventResults } from '../../answers/problem-parts.ts';
import { contents, keptUntilFields, personsNumber } from '../../shapes/contents.ts';
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
    mobileNumber: personsNumber,
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
    contents,
    ...keptUntilFields,
    acceptedAt: instant,
    deliveries: Type.Array(delivery),
  },
  component('EventDetail', 'An event with its deliveries.'),
);
