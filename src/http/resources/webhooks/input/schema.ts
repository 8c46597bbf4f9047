import Type, { type Static } from 'typebox';
import { messagingProductIds, productIds, products } from '../../../../core/products/index.ts';
import { type DlrField, dlrFields, type ReportType } from '../../../../core/products/product.ts';
import {
  mobileFormats,
  moFormats,
  sendMethods,
  timeFormats,
  usualBatchBytes,
} from '../../../../core/webhook.ts';
import {
  closed,
  component,
  nullableInteger,
  nullableObject,
  nullableText,
  word,
} from '../../../shapes/schema.ts';

export const reportTypes: readonly ReportType[] = ['dlr', 'mo', 'operations'];

/** Bounds of a webhook's settings. Durations are milliseconds. */
export const bounds = {
  timeoutMs: { minimum: 1_000, maximum: 30_000, default: 15_000 },
  maxConcurrency: { minimum: 1, maximum: 200, default: 50 },
  ratePerSecond: { minimum: 0.1, maximum: 10_000, default: null },
  /** The first attempt and the ten steps of the retry schedule. */
  maxAttempts: { minimum: 1, maximum: 20, default: 11 },
  giveUpAfterMs: { minimum: 60_000, maximum: 7 * 24 * 3_600_000, default: null },
  batchMaxItems: { minimum: 2, maximum: 500 },
  batchMaxWaitMs: { minimum: 0, maximum: 60_000 },
  /** Up to what 100 messages of 256 KiB have when sent flat. */
  batchMaxBytes: { minimum: 1_024, maximum: 64 * 1024 * 1024, default: usualBatchBytes },
} as const;

/** The highest `batch.maxItems` of an `mo` webhook: a message may have 256 KiB, and twice that when sent flat. */
export const mostMessages = 100;

/** How long texts may be, in characters, and lists. */
export const most = {
  urlLength: 2048,
  descriptionLength: 500,
  parameters: 20,
  parameterNameLength: 64,
  parameterValueLength: 1024,
  headers: 20,
  headerNameLength: 64,
  headerValueLength: 4096,
  successCodes: 50,
  bodyContainsLength: 256,
  statuses: 50,
  statusLength: 32,
} as const;

const parameterName = Type.String({ minLength: 1, maxLength: most.parameterNameLength });

/** Labels and examples come from the products. */
function parameterNameOf(field: DlrField) {
  const of = messagingProductIds.filter((id) => products[id].fields.some((known) => known.field === field));
  const known = of.flatMap((id) => products[id].fields).find((each) => each.field === field);
  const who =
    of.length < messagingProductIds.length ? ` ${of.map((id) => products[id].label).join(', ')} only.` : '';
  return Type.Optional({
    ...parameterName,
    description: `${known?.label ?? field}: ${known?.description ?? ''}${known?.required ? ' Required for `dlr`.' : ' Optional.'}${who}`,
    examples: [known?.exampleName ?? field],
  } as typeof parameterName);
}

type ParameterNames = { [F in DlrField]: ReturnType<typeof parameterNameOf> };

const parameterNames = closed(
  Object.fromEntries(dlrFields.map((field) => [field, parameterNameOf(field)])) as ParameterNames,
  component(
    'ParameterNames',
    'What the endpoint calls each field of a delivery report. The others take no names.',
  ),
);

const customParameter = closed(
  {
    name: parameterName,
    value: Type.String({ maxLength: most.parameterValueLength }),
  },
  component('CustomParameter', 'A fixed value that every request carries.'),
);

const customHeader = closed(
  {
    name: Type.String({ minLength: 1, maxLength: most.headerNameLength }),
    value: Type.String({
      maxLength: most.headerValueLength,
      description:
        'Comes back masked, as `••••` and its last two characters. A masked value in a `PUT` keeps the one that is saved.',
    }),
  },
  component('CustomHeader', 'A header that every request carries.'),
);

const timeZone = Type.String({
  minLength: 1,
  maxLength: 64,
  default: 'UTC',
  description: 'IANA name. Used by `iso` (as offset) and by `YYYY-MM-DD HH:mm:ss`.',
  examples: ['Asia/Kolkata'],
});

const retry = closed(
  {
    maxAttempts: Type.Optional(
      Type.Integer({ ...bounds.maxAttempts, description: 'Attempts in all, the first included.' }),
    ),
    giveUpAfterMs: Type.Optional(
      nullableInteger({
        ...bounds.giveUpAfterMs,
        description:
          'No attempt starts later than this after acceptance; `null`: only `maxAttempts` ends it.',
      }),
    ),
  },
  component('RetrySettings', 'How often a report is tried, and for how long.'),
);

const success = closed(
  {
    codes: Type.Optional(
      Type.Unsafe<number[] | null>({
        type: ['array', 'null'],
        items: { type: 'integer', minimum: 200, maximum: 299 },
        minItems: 1,
        maxItems: most.successCodes,
        uniqueItems: true,
        default: null,
        description: 'Status codes that count as delivered; `null`: any 2xx.',
      }),
    ),
    bodyContains: Type.Optional(
      nullableText({
        minLength: 1,
        maxLength: most.bodyContainsLength,
        default: null,
        description: "Text that the answer's body must contain.",
      }),
    ),
  },
  component('SuccessSettings', 'What counts as delivered.'),
);

const batch = nullableObject(
  {
    maxItems: Type.Integer({
      ...bounds.batchMaxItems,
      description: `Reports in one request; for \`mo\` at most ${mostMessages}. A batch that is full goes at once.`,
    }),
    maxWaitMs: Type.Integer({
      ...bounds.batchMaxWaitMs,
      description: 'How long the first report waits for others.',
    }),
    maxBytes: Type.Optional(
      Type.Integer({
        ...bounds.batchMaxBytes,
        description:
          'Bytes of the body at most; a report that alone has more goes alone. After a 413 lists are smaller than that by themselves.',
      }),
    ),
  },
  {
    default: null,
    ...component(
      'BatchSettings',
      'Several reports in one request, `JSON` and `XML` only: a JSON array, or the elements under `<dlrs>` or `<mos>`. ' +
        'Every request then has the list, also with one report. `null`: one report in a request, without a list.',
    ),
  },
);

const settings = closed(
  {
    timeFormat: Type.Optional(word(timeFormats, { default: 'iso' })),
    timeZone: Type.Optional(timeZone),
    mobileFormat: Type.Optional(word(mobileFormats, { default: 'digits' })),
    moFormat: Type.Optional(
      word(moFormats, {
        description: "`whatsapp`: Meta's `value` object, the default of `JSON`; `flat`, of the others.",
      }),
    ),
    moMessage: Type.Optional(
      Type.Boolean({
        description:
          'Whether a flat inbound message carries `message`, the whole of it as JSON (text), beside `text`, `mediaId` and ' +
          'the others. Unless told not for `GET`: servers take URLs of 8,000 bytes or so.',
      }),
    ),
    timeoutMs: Type.Optional(
      Type.Integer({
        ...bounds.timeoutMs,
        description: 'One deadline over connecting, headers and the whole body.',
      }),
    ),
    maxConcurrency: Type.Optional(
      Type.Integer({ ...bounds.maxConcurrency, description: 'Requests in flight.' }),
    ),
    ratePerSecond: Type.Optional(
      Type.Unsafe<number | null>({
        type: ['number', 'null'],
        ...bounds.ratePerSecond,
        description: 'Requests a second; `null`: no limit.',
      }),
    ),
    retry: Type.Optional(retry),
    success: Type.Optional(success),
    ordered: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          "One message's reports strictly one after another: while one waits for its next attempt, so do those behind it.",
      }),
    ),
    batch: Type.Optional(batch),
    statuses: Type.Optional(
      Type.Unsafe<string[] | null>({
        type: ['array', 'null'],
        items: { type: 'string', minLength: 1, maxLength: most.statusLength },
        minItems: 1,
        maxItems: most.statuses,
        uniqueItems: true,
        default: null,
        description:
          'Which statuses of delivery reports, or types of operational events, to send; `null`: all. Compared without ' +
          "case and trimmed, SMPP's words by their meaning: `delivered` also sends `Delivered` and `DELIVRD`.",
        examples: [['delivered', 'read', 'failed']],
      }),
    ),
  },
  component('WebhookSettings', 'Each has a default.'),
);

const { retry: _retry, success: _success, batch: _batch, ...others } = settings.properties;

/** The settings of a saved webhook: the defaults are filled in. */
export const savedSettings = closed(
  {
    ...Type.Required(Type.Object(others)).properties,
    retry: closed(Type.Required(retry).properties, component('SavedRetry', 'How often a report is tried.')),
    success: closed(
      Type.Required(success).properties,
      component('SavedSuccess', 'What counts as delivered.'),
    ),
    batch,
  },
  component('SavedSettings', 'Settings with every default filled in.'),
);

/** The body of `POST /v1/webhooks`, as far as a schema can tell; the other rules stand beside this file. */
export const webhookInput = closed(
  {
    product: word(productIds),
    reportType: word(reportTypes, {
      description: '`mo` exists for WhatsApp only, `operations` for alerts (`hookwire`) only.',
    }),
    method: word(sendMethods, {
      description:
        '`GET`: query string, `POST`: form, `JSON`: object, `XML`: document under `<dlr>` or `<mo>`; `settings.batch` ' +
        'makes lists of the last two. `operations` are JSON.',
    }),
    url: Type.String({ minLength: 1, maxLength: most.urlLength, examples: ['https://example.com/dlr'] }),
    productUniqueId: Type.Optional(
      nullableText({
        maxLength: 100,
        default: null,
        description: "The Waba Number, one of the account's senders; `null`: every number of the account.",
        examples: ['919999999999'],
      }),
    ),
    parameterNames: Type.Optional(parameterNames),
    customParameters: Type.Optional(Type.Array(customParameter, { maxItems: most.parameters })),
    customHeaders: Type.Optional(Type.Array(customHeader, { maxItems: most.headers })),
    description: Type.Optional(nullableText({ maxLength: most.descriptionLength, default: null })),
    settings: Type.Optional(settings),
  },
  component('WebhookInput', 'What the owner of an endpoint configures.'),
);

/** A webhook as a body has it; `WebhookConfig` is what becomes of it with every default filled in. */
export type WebhookInput = Static<typeof webhookInput>;
/** The same of `WebhookSettings`. */
export type SettingsInput = Static<typeof settings>;
