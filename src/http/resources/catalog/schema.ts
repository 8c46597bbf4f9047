import Type from 'typebox';
import { errorClasses } from '../../../core/delivery.ts';
import { productIds } from '../../../core/products/index.ts';
import { dlrFields } from '../../../core/products/product.ts';
import { mobileFormats, moFormats, sendMethods, timeFormats } from '../../../core/webhook.ts';
import type { reportView } from '../../shapes/event.ts';
import {
  closed,
  component,
  nullableInteger,
  nullableNumber,
  nullableText,
  word,
} from '../../shapes/schema.ts';
import { trialEvent } from '../events/schema.ts';
import { most, reportTypes } from '../webhooks/input/schema.ts';

const words = { label: Type.String(), description: Type.String() };

const method = closed(
  {
    id: word(sendMethods),
    ...words,
    moFormat: word(moFormats, { description: 'How an inbound message is sent unless the webhook says it.' }),
    moMessage: Type.Boolean({ description: 'Whether it then carries `message`, where it is flat.' }),
  },
  component('CatalogMethod', 'How an endpoint gets its reports.'),
);

const field = closed(
  {
    name: word(dlrFields, { description: 'Its name in `parameterNames`.' }),
    label: Type.String({ examples: ['Transaction ID Parameter'] }),
    required: Type.Boolean(),
    example: Type.String({ description: 'A name to begin with.', examples: ['txn_id'] }),
    description: Type.String(),
  },
  component('CatalogField', 'A field of a delivery report whose name the owner of a webhook chooses.'),
);

export const sample = closed(
  {
    name: Type.String({ examples: ['button reply'] }),
    title: Type.String({ examples: ['Button reply'] }),
    event: Type.Unsafe<ReturnType<typeof reportView>>(trialEvent),
  },
  component('CatalogSample', 'An event to try a webhook with, as `POST /v1/webhooks/preview` takes it.'),
);

export const reportType = closed(
  {
    id: word(reportTypes),
    ...words,
    methods: Type.Array(word(sendMethods)),
    fields: Type.Array(field, { description: 'In the order of the form; only delivery reports have any.' }),
    samples: Type.Array(sample, { description: 'The first is what a preview shows unless told.' }),
    statuses: Type.Unsafe<readonly string[] | null>({
      type: ['array', 'null'],
      items: { type: 'string' },
      description: 'Those that are known, in the order in which they say more; `null` where there are none.',
    }),
  },
  component('CatalogReportType', 'A kind of report that a product has.'),
);

export const product = closed(
  {
    id: word(productIds),
    name: Type.String({ examples: ['WhatsApp'] }),
    audience: word(['everybody', 'operations'], {
      description: '`operations`: what the gateway reports of itself, for those who look after webhooks.',
    }),
    hasNumber: Type.Boolean({ description: 'Its messages go through a number of the account (a sender).' }),
    numberLabel: nullableText({ examples: ['Waba Number'] }),
    numberPattern: nullableText({ description: 'A regular expression for the number.' }),
    numberShape: nullableText({ description: 'The same in words.' }),
    reportTypes: Type.Array(reportType),
  },
  component('CatalogProduct', 'A product that webhooks are made for.'),
);

const range = closed(
  { minimum: Type.Number(), maximum: Type.Number() },
  component('Range', 'Both included.'),
);

const defaults = closed({
  timeFormat: word(timeFormats),
  timeZone: Type.String(),
  mobileFormat: word(mobileFormats),
  timeoutMs: Type.Integer(),
  maxConcurrency: Type.Integer(),
  ratePerSecond: nullableNumber,
  retry: closed({ maxAttempts: Type.Integer(), giveUpAfterMs: nullableInteger() }),
  success: closed({
    codes: Type.Unsafe<number[] | null>({ type: ['array', 'null'], items: { type: 'integer' } }),
    bodyContains: nullableText(),
  }),
  ordered: Type.Boolean(),
  batch: Type.Unsafe<object | null>({ type: ['object', 'null'] }),
  statuses: Type.Unsafe<string[] | null>({ type: ['array', 'null'], items: { type: 'string' } }),
});

const limits = closed({
  timeoutMs: range,
  maxConcurrency: range,
  ratePerSecond: range,
  maxAttempts: range,
  giveUpAfterMs: range,
  batchMaxItems: range,
  batchMaxItemsOfMo: range,
  batchMaxWaitMs: range,
  batchMaxBytes: range,
  ...mapped(most),
});

/** Upper limits alone: characters of a text, items of a list. */
function mapped<L extends Readonly<Record<string, number>>>(values: L) {
  const integers = Object.keys(values).map((name) => [name, Type.Integer()]);
  return Object.fromEntries(integers) as { [K in keyof L]: ReturnType<typeof Type.Integer> };
}

function choiceOf<const Id extends string>(ids: readonly Id[]) {
  return Type.Array(closed({ id: word(ids), ...words }));
}

const choices = closed({
  timeFormat: choiceOf(timeFormats),
  mobileFormat: choiceOf(mobileFormats),
  moFormat: choiceOf(moFormats),
});

const errorClass = closed(
  {
    id: word(errorClasses),
    title: Type.String({ description: 'What happened.' }),
    advice: Type.String({ description: 'What to do about it.' }),
  },
  component('CatalogErrorClass', 'Why an attempt fails, in words.'),
);

export const catalog = closed(
  {
    methods: Type.Array(method, { description: 'In the order of the form.' }),
    products: Type.Array(product, { description: 'In the order of the form.' }),
    settings: closed({ defaults, limits, choices }),
    errorClasses: Type.Array(errorClass),
  },
  component('Catalog', 'What there is to choose from when a webhook is made.'),
);
