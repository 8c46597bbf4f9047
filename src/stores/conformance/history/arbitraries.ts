import fc from 'fast-check';
import { type AfterAttempt, deliveryStates } from '../../../core/delivery.ts';
import type { Event } from '../../../core/event.ts';
import { testWebhook } from '../../../testing/factories.ts';
import type { DeliveryFilter } from '../../ports/history.ts';

/** Few different values, so that filters find several deliveries and miss others. */
const message = fc.nat({ max: 12 }).map((n) => `message-${n}`);
const transaction = fc.nat({ max: 6 }).map((n) => `transaction-${n}`);
const mobile = fc.constantFrom(
  '919812345678',
  '+91 98123-45678',
  '919812345679',
  '14155550010',
  '14155550100',
  '09812345678',
  'anonymous',
);
/** As somebody may ask for it: whole in any spelling, without its country code, or its end alone. */
const askedMobile = fc.oneof(
  mobile,
  fc.constantFrom(
    ...[
      '+919812345678',
      '0091 9812345679',
      '5678',
      '45679',
      '12345678',
      '9812345678',
      '09812345678',
      '+5678',
      '678',
    ],
    ...['0100', '00100', '0010', 'nobody'],
  ),
);
const statusCode = fc.constantFrom(null, 200, 204, 299, 300, 404, 500, 503);
const errorClass = fc.constantFrom(null, 'status' as const, 'timeout_headers' as const, 'dns' as const);

const wanted = (id: string, accountId: string, parts: Partial<ReturnType<typeof testWebhook>>) =>
  testWebhook({ id, accountId, ...parts });

/** The webhooks that the events go to. */
export const webhooks = [
  wanted('wh_a1', 'acc_a', {}),
  wanted('wh_a2', 'acc_a', { product: 'whatsapp' }),
  wanted('wh_a3', 'acc_a', { product: 'whatsapp', reportType: 'mo', parameterNames: {} }),
  wanted('wh_a4', 'acc_a', {}),
  wanted('wh_b1', 'acc_b', {}),
  wanted('wh_b2', 'acc_b', { product: 'whatsapp' }),
];

const kinds = [
  { accountId: 'acc_a', product: 'sms', reportType: 'dlr', to: ['wh_a1', 'wh_a4'] },
  { accountId: 'acc_a', product: 'whatsapp', reportType: 'dlr', to: ['wh_a2'] },
  { accountId: 'acc_a', product: 'whatsapp', reportType: 'mo', to: ['wh_a3'] },
  { accountId: 'acc_b', product: 'sms', reportType: 'dlr', to: ['wh_b1'] },
  { accountId: 'acc_b', product: 'whatsapp', reportType: 'dlr', to: ['wh_b2'] },
] as const;

/** What an attempt led to, what it saw, and for which of the deliveries. What was delivered has no error. */
const attempt = fc.oneof(
  fc.record({
    after: fc.constant<AfterAttempt>({ state: 'delivered' }),
    statusCode,
    errorClass: fc.constant(null),
  }),
  fc.record({
    after: fc.oneof(
      fc.constant<AfterAttempt>({ state: 'failed', reason: 'attempts_exhausted' }),
      fc.constant<AfterAttempt>({ state: 'skipped', reason: 'webhook_deleted' }),
      fc.nat({ max: 9_999 }).map((dueAt): AfterAttempt => ({ state: 'retrying', dueAt })),
    ),
    statusCode,
    errorClass,
  }),
);

/** The attempts of one delivery: nothing comes behind the one that ended it. */
const attempts = fc
  .array(attempt, { maxLength: 2 })
  .map((made) => made.slice(0, made.findIndex(({ after }) => after.state !== 'retrying') + 1 || made.length));

/** One event with the webhooks that get it, the time that passes before it, and the attempts of each delivery. */
export const happening = fc
  .record({
    pauseMs: fc.nat({ max: 2 }),
    kind: fc.constantFrom(...kinds),
    own: fc.boolean(),
    webhooks: fc.nat({ max: 2 }),
    parts: fc.record<Partial<Event>>({
      messageId: message,
      transactionId: fc.option(transaction),
      mobileNumber: fc.option(mobile),
    }),
    attempts: fc.array(attempts, { minLength: 2, maxLength: 2 }),
  })
  .map(({ kind: { to, ...kind }, webhooks: count, parts, ...rest }) => ({
    ...rest,
    webhookIds: to.slice(0, count),
    parts: { ...kind, ...parts },
  }));
export type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

/** Any filter. Times are ms after `base`. */
export function anyFilter(base: number): fc.Arbitrary<DeliveryFilter> {
  const time = fc.nat({ max: 60 }).map((ms) => base + ms);
  const narrowings = fc.record(
    {
      webhookId: fc.constantFrom(...webhooks.map(({ id }) => id), 'wh_none'),
      state: fc.constantFrom(...deliveryStates),
      stateReason: fc.constantFrom('attempts_exhausted', 'webhook_deleted'),
      product: fc.constantFrom('sms' as const, 'whatsapp' as const),
      reportType: fc.constantFrom('dlr' as const, 'mo' as const),
      messageId: message,
      transactionId: transaction,
      mobileNumber: askedMobile,
      statusCode: statusCode.filter((code) => code !== null),
      errorClass: errorClass.filter((found) => found !== null),
      from: time,
      to: time,
    },
    { requiredKeys: [] },
  );
  // All at once would find nothing: a few of them at a time.
  const keys = [
    'webhookId',
    'state',
    'stateReason',
    'product',
    'reportType',
    'messageId',
    'transactionId',
    'mobileNumber',
    'statusCode',
    'errorClass',
    'from',
    'to',
  ] as const;
  return fc
    .tuple(fc.constantFrom(null, 'acc_a', 'acc_b'), narrowings, fc.subarray([...keys], { maxLength: 3 }))
    .map(([accountId, all, chosen]) => ({
      accountId,
      ...Object.fromEntries(Object.entries(all).filter(([key]) => chosen.some((name) => name === key))),
    }));
}
