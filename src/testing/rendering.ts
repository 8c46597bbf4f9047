import fc from 'fast-check';
import type { Event, Json, JsonObject } from '../core/event.ts';
import type { WebhookConfig, WebhookSettings } from '../core/webhook.ts';
import { type EventParts, testSettings, withParts } from './factories.ts';
import { messageOfJson, objectOfJson } from './json-texts.ts';

/** A webhook to render for: an SMS DLR as JSON without any names, changed as the test needs. */
export function renderedConfig(
  changes: Partial<Omit<WebhookConfig, 'settings'>> & { settings?: Partial<WebhookSettings> } = {},
): WebhookConfig {
  return {
    product: 'sms',
    reportType: 'dlr',
    method: 'JSON',
    url: 'https://example.com/dlr',
    productUniqueId: null,
    parameterNames: {},
    customParameters: [],
    customHeaders: [],
    description: null,
    ...changes,
    settings: { ...testSettings, ...changes.settings },
  };
}

/** An event in which nothing is known, changed as the test needs. */
export function bareEvent(changes: EventParts = {}): Event {
  const bare: Event = {
    id: 'evt_1',
    accountId: 'acc_1',
    product: 'sms',
    reportType: 'dlr',
    productUniqueId: null,
    transactionId: null,
    messageId: 'm1',
    part: null,
    status: null,
    errorCode: null,
    mobileNumber: null,
    userId: null,
    profileName: null,
    receivedTime: null,
    sentTime: null,
    deliveredTime: null,
    readTime: null,
    attributes: null,
    message: null,
  };
  return withParts(bare, changes);
}

/** Any text a JavaScript string can hold, lone surrogates and control characters included, of any script. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
  fc.constantFrom(
    '',
    ' a+b & c=d %20 ',
    'नमस्ते 🙂',
    '<a href="x">\'\r\n</a>',
    ']]>',
    '__proto__',
    "!'()~*-._",
  ),
);

const anyJson = fc.letrec<{ value: Json; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    anyText,
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(
    fc.oneof(
      anyText,
      fc.constantFrom('id', 'type', 'body', 'name', 'title', 'emoji', 'message', 'formatted_name', 'caption'),
    ),
    tie('value'),
    { maxKeys: 5 },
  ) as fc.Arbitrary<JsonObject>,
}));

const messageTypes = [
  ...[
    'text',
    'image',
    'video',
    'document',
    'audio',
    'voice',
    'sticker',
    'location',
    'contacts',
    'interactive',
  ],
  ...['button', 'reaction', 'order', 'system', 'unsupported', 'unknown', 'edit', 'revoke', 'constructor'],
];

/** Message objects of every type with anything at all inside. */
export const anyMessage: fc.Arbitrary<JsonObject> = fc
  .tuple(fc.constantFrom(...messageTypes), anyJson.value, anyJson.object)
  .map(([type, content, rest]) => ({ ...rest, type, [type]: content }));

const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });
const anyInstant = maybe(
  fc.oneof(
    fc.double(),
    fc.integer(),
    fc.integer({ min: -8.64e15, max: 8.64e15 }),
    fc.constant(1_795_342_530_000),
  ),
);

/** Every event that the type allows, sensible or not. */
export const anyEvent: fc.Arbitrary<Event> = fc.record({
  id: anyText,
  accountId: anyText,
  product: fc.constantFrom('sms' as const, 'whatsapp' as const),
  reportType: fc.constantFrom('dlr' as const, 'mo' as const),
  productUniqueId: maybe(anyText),
  transactionId: maybe(anyText),
  messageId: anyText,
  part: maybe(fc.integer()),
  status: maybe(fc.oneof(anyText, fc.constantFrom('read', 'delivered'))),
  errorCode: maybe(anyText),
  mobileNumber: maybe(fc.oneof(anyText, fc.constant('+91 98123-45678'))),
  userId: maybe(anyText),
  profileName: maybe(anyText),
  receivedTime: anyInstant,
  sentTime: anyInstant,
  deliveredTime: anyInstant,
  readTime: anyInstant,
  attributes: maybe(
    fc.oneof(
      anyJson.object.map((object) => JSON.stringify(object)),
      anyJson.value.map((metaValue) => JSON.stringify({ metaValue })),
      objectOfJson,
    ),
  ),
  message: maybe(
    fc.oneof(
      anyMessage.map((object) => JSON.stringify(object)),
      messageOfJson,
      objectOfJson,
    ),
  ),
});
