import Type from 'typebox';
import { deliveryStates, errorClasses } from '../../../core/delivery.ts';
import { productIds } from '../../../core/products/index.ts';
import { contents, keptUntilFields, personsNumber } from '../../shapes/contents.ts';
import { askedNumberDescription } from '../../shapes/number-search.ts';
import {
  accountPageQuery,
  accountQuery,
  closed,
  component,
  instant,
  instantGiven,
  nullableInstant,
  nullableInteger,
  nullableText,
  nullableWord,
  word,
} from '../../shapes/schema.ts';
import { reportTypes } from '../webhooks/input/schema.ts';

const ofDelivery = {
  id: Type.String({ description: 'Also the `webhook-id` of every attempt.', examples: ['dlv_0a1b2c3d4e5'] }),
  eventId: Type.String(),
  accountId: Type.String(),
  webhookId: Type.String(),
  product: word(productIds),
  reportType: word(reportTypes),
  productUniqueId: nullableText(),
  messageId: Type.String(),
  transactionId: nullableText(),
  mobileNumber: personsNumber,
  status: nullableText({ description: 'What the report says: `delivered`, `failed` …' }),
  errorCode: nullableText(),
  state: word(deliveryStates, { description: 'Where the delivery stands.' }),
  stateReason: nullableText({ description: 'Why it failed or was skipped.' }),
  attemptCount: Type.Integer(),
  statusCode: nullableInteger({ description: 'Of the latest attempt.' }),
  errorClass: nullableWord(errorClasses, { description: 'Of the latest attempt.' }),
  acceptedAt: instant,
  nextAttemptAt: nullableInstant,
  finishedAt: nullableInstant,
  contents,
};

export const delivery = closed(ofDelivery, component('Delivery', 'One event on its way to one webhook.'));

export const attempt = closed(
  {
    number: Type.Integer({ description: 'From 1.' }),
    webhookVersion: Type.Integer(),
    manual: Type.Boolean({ description: 'It was a replay.' }),
    startedAt: instant,
    durationMs: Type.Number(),
    statusCode: nullableInteger(),
    errorClass: nullableWord(errorClasses),
    errorDetail: nullableText(),
    responseBody: nullableText({ description: 'Its start, at most 2 KiB.' }),
  },
  component('Attempt', 'One request of a delivery.'),
);

export const deliveryDetail = closed(
  { ...ofDelivery, ...keptUntilFields, attempts: Type.Array(attempt, { description: 'Oldest first.' }) },
  component('DeliveryDetail', 'A delivery with its attempts.'),
);

const moment = Type.String(instantGiven);
const id = Type.String({ maxLength: 512 });
const askedNumber = Type.String({ maxLength: 512, description: askedNumberDescription });

/** What a list of deliveries and the live stream are narrowed by alike. */
const filters = {
  webhookId: Type.Optional(id),
  state: Type.Optional(word(deliveryStates)),
  product: Type.Optional(word(productIds)),
  reportType: Type.Optional(word(reportTypes)),
  messageId: Type.Optional(id),
  transactionId: Type.Optional(id),
  mobileNumber: Type.Optional(askedNumber),
  statusCode: Type.Optional(
    Type.Integer({ minimum: 100, maximum: 599, description: 'Of the latest attempt.' }),
  ),
  errorClass: Type.Optional(word(errorClasses, { description: 'Of the latest attempt.' })),
};

/** What a list is narrowed by, as a page or as a file. */
export const listFilters = {
  ...filters,
  from: Type.Optional({ ...moment, description: 'Accepted at or after.' } as typeof moment),
  to: Type.Optional({ ...moment, description: 'Accepted before.' } as typeof moment),
};

export const deliveryFilters = accountPageQuery(listFilters);

export const liveFilters = closed({ ...accountQuery.properties, ...filters });
