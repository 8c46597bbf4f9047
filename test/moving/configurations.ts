import fc from 'fast-check';
import { accountLimits, limitNames } from '../../src/core/account-limits.ts';
import { declaredKeep, isPayloadLonger, keepGiven, noOwnKeep } from '../../src/core/keeping.ts';
import { scopes } from '../../src/core/scopes.ts';
import { mobileFormats, timeFormats } from '../../src/core/webhook.ts';

const token = fc.stringMatching(/^[a-z0-9]{8,12}$/);
const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((each) => each.isWellFormed());
const instant = fc.date({ min: new Date(0), max: new Date('2100'), noInvalidDate: true });
const createdAt = instant.map((at) => at.toISOString());
const number = fc.stringMatching(/^91[6-9]\d{9}$/);

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });

function some<T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<Partial<T>> {
  return fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;
}

const settings = some({
  timeFormat: fc.constantFrom(...timeFormats),
  timeZone: fc.constantFrom('UTC', 'Asia/Kolkata'),
  mobileFormat: fc.constantFrom(...mobileFormats),
  timeoutMs: fc.integer({ min: 1_000, max: 30_000 }),
  maxConcurrency: fc.integer({ min: 1, max: 200 }),
  ratePerSecond: fc.option(fc.constantFrom(0.1, 7, 10_000)),
  retry: some({
    maxAttempts: fc.integer({ min: 1, max: 20 }),
    giveUpAfterMs: fc.option(fc.integer({ min: 60_000, max: 604_800_000 })),
  }),
  success: some({
    codes: fc.option(fc.uniqueArray(fc.integer({ min: 200, max: 299 }), { minLength: 1, maxLength: 5 })),
    bodyContains: fc.option(text),
  }),
  ordered: fc.boolean(),
});

const names = {
  transactionId: 'txn_id',
  messageId: 'msg_id',
  errorCode: 'error_code',
  mobileNumber: 'mobile',
  receivedTime: 'received_time',
  deliveredTime: 'delivered_time',
};

const custom = fc
  .uniqueArray(token, { maxLength: 3 })
  .chain((all) => fc.tuple(...all.map((name) => fc.record({ name: fc.constant(name), value: text }))));

const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', `whsk_${Buffer.alloc(32, 7).toString('base64')}`];

/** Rules of each kind that lead to a webhook that the API takes. */
function webhook(id: string, numbers: readonly string[]) {
  const productUniqueId = fc.constantFrom(null, ...numbers);
  const kind = fc.oneof(
    fc.record({
      product: fc.constant('sms'),
      reportType: fc.constant('dlr'),
      method: fc.constantFrom('GET', 'POST', 'JSON', 'XML'),
      parameterNames: fc.constant(names),
    }),
    fc.record({
      product: fc.constant('whatsapp'),
      reportType: fc.constant('dlr'),
      method: fc.constantFrom('JSON', 'XML'),
      parameterNames: fc.constant({ ...names, status: 'status' }),
      productUniqueId,
    }),
    fc.record({
      product: fc.constant('whatsapp'),
      reportType: fc.constant('mo'),
      method: fc.constant('JSON'),
      productUniqueId,
    }),
  );
  const rest = fc.record({
    id: fc.constant(`wh_${id}`),
    url: token.map((path) => `https://example.com/${path}`),
    customParameters: custom.map((all) => all.map(({ name, value }) => ({ name: `p${name}`, value }))),
    customHeaders: custom.map((all) =>
      all.map(({ name }) => ({ name: `X-${name}`, value: `${name} value` })),
    ),
    secret: maybe(fc.constantFrom(...secrets)),
    description: fc.option(text),
    settings,
    createdAt: maybe(createdAt),
  });
  const status = fc.constantFrom(
    {},
    { status: 'enabled' },
    { status: 'disabled' },
    { status: 'disabled', disabledReason: 'gone' },
  );
  return fc.tuple(kind, rest, status).map(([one, two, three]) => ({ ...one, ...two, ...three }));
}

const keepDays = fc.record(
  { payloadDays: fc.constantFrom(null, 0, 7), logDays: fc.constantFrom(null, 0, 90) },
  { requiredKeys: [] },
);
/** Contents that were to outlive their entries are refused. */
const keep = keepDays.filter((own) => !isPayloadLonger(keepGiven(declaredKeep, { ...noOwnKeep, ...own })));
const limits = fc.uniqueArray(fc.constantFrom(...limitNames), { maxLength: 3 }).map((chosen) =>
  // As many as may be, so that nothing is refused.
  Object.fromEntries(chosen.map((name) => [name, accountLimits[name].most])),
);

const key = fc.record({
  name: text,
  hash: fc.stringMatching(/^[0-9a-f]{64}$/),
  createdAt: maybe(createdAt),
});

const account = fc
  .tuple(fc.uniqueArray(number, { maxLength: 3 }), fc.uniqueArray(token, { maxLength: 4 }))
  .chain(([numbers, ids]) =>
    fc.record({
      name: text,
      limits: maybe(limits),
      keep: maybe(keep),
      senders: fc.constant(
        numbers.map((productUniqueId) => ({ product: 'whatsapp', productUniqueId, label: 'Sales' })),
      ),
      keys: fc.array(
        fc
          .tuple(key, fc.subarray([...scopes], { minLength: 1 }))
          .map(([own, of]) => ({ ...own, scopes: of })),
        { maxLength: 2 },
      ),
      webhooks: fc.tuple(...ids.map((id) => webhook(id, numbers))),
      createdAt: maybe(createdAt),
    }),
  );

/** The same without values of headers, which an export without a passphrase leaves out. */
export function withoutHeaders<
  File extends { readonly accounts: readonly { readonly webhooks: readonly object[] }[] },
>(file: File): File {
  const accounts = file.accounts.map(({ webhooks, ...account }) => ({
    ...account,
    webhooks: webhooks.map((webhook) => ({ ...webhook, customHeaders: [] })),
  }));
  return { ...file, accounts };
}

/** Configuration files that can be imported. */
export const configurations = fc
  .record({
    operatorKeys: fc.array(key, { maxLength: 2 }),
    accounts: fc.dictionary(token, account, { maxKeys: 3, noNullPrototype: true }),
  })
  .map(({ operatorKeys, accounts }) => ({
    format: 'hookwire-configuration',
    version: 1,
    operatorKeys,
    accounts: Object.entries(accounts).map(([id, each]) => ({
      id,
      ...each,
      // An id is one webhook's, whatever account has it.
      webhooks: each.webhooks.map((webhook) => ({ ...webhook, id: `${webhook.id}-${id}` })),
    })),
  }));
