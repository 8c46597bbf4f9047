/**
 * How long a person waits for the first page of a list of deliveries: fills a store with a million deliveries and asks
 * by each filter, as an account and as an operator. docs/benchmarks.md says how to read it.
 *
 *   npm run bench:history -- [--store sqlite|postgres] [--deliveries 1000000] [--accounts 50] [--days 7]
 *     [--tries 20]
 */
import { parseArgs } from 'node:util';
import type { Event } from '../src/core/event.ts';
import type { DeliveryFilter } from '../src/stores/ports/history.ts';
import { atMost, judge } from './harness/bars.ts';
import { count, median, ms } from './harness/figures.ts';
import { type Filled, fillHistory } from './harness/fill-history.ts';
import { openHistoryStore } from './harness/history-store.ts';
import { machine } from './harness/machine.ts';

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'sqlite' },
    deliveries: { type: 'string', default: '1000000' },
    accounts: { type: 'string', default: '50' },
    days: { type: 'string', default: '7' },
    tries: { type: 'string', default: '20' },
  },
});
const tries = Number(values.tries);
const firstPage = { limit: 50, cursor: null };
const longestMs = 100;

type Scope = Pick<DeliveryFilter, 'accountId'>;
type Question = readonly [what: string, ask: (scope: Scope, sample: Event, filled: Filled) => DeliveryFilter];

/** Questions about values take another one in each try. */
const questions: readonly Question[] = [
  ['everything', (scope) => scope],
  ['one webhook, SMS', (scope, sample) => ({ ...scope, webhookId: webhookOf(sample, 0) })],
  ['one webhook, inbound', (scope, sample) => ({ ...scope, webhookId: webhookOf(sample, 2) })],
  ['state delivered', (scope) => ({ ...scope, state: 'delivered' })],
  ['state failed', (scope) => ({ ...scope, state: 'failed' })],
  ['state skipped', (scope) => ({ ...scope, state: 'skipped' })],
  ['state pending', (scope) => ({ ...scope, state: 'pending' })],
  ['state retrying', (scope) => ({ ...scope, state: 'retrying' })],
  ['product SMS', (scope) => ({ ...scope, product: 'sms' })],
  ['product WhatsApp', (scope) => ({ ...scope, product: 'whatsapp' })],
  ['inbound messages (1 %)', (scope) => ({ ...scope, reportType: 'mo' })],
  ['message id', (scope, { messageId }) => ({ ...scope, messageId })],
  ['message id, unknown', (scope, { messageId }) => ({ ...scope, messageId: `${messageId}?` })],
  [
    'transaction id (1,000 events)',
    (scope, { transactionId }) => ({ ...scope, transactionId: transactionId ?? '' }),
  ],
  ['number', (scope, { mobileNumber }) => ({ ...scope, mobileNumber: mobileNumber ?? '' })],
  [
    'number, its last 4 digits',
    (scope, { mobileNumber }) => ({ ...scope, mobileNumber: mobileNumber?.slice(-4) ?? '' }),
  ],
  [
    'number, its last 9 digits',
    (scope, { mobileNumber }) => ({ ...scope, mobileNumber: mobileNumber?.slice(-9) ?? '' }),
  ],
  [
    'number, at one webhook',
    (scope, sample) => ({
      ...scope,
      mobileNumber: sample.mobileNumber ?? '',
      webhookId: webhookOf(sample, 0),
    }),
  ],
  ['status 200', (scope) => ({ ...scope, statusCode: 200 })],
  ['status 404', (scope) => ({ ...scope, statusCode: 404 })],
  ['status 418 (never seen)', (scope) => ({ ...scope, statusCode: 418 })],
  ['error class timeout_headers (0.1 %)', (scope) => ({ ...scope, errorClass: 'timeout_headers' })],
  ['error class dns (0.01 %)', (scope) => ({ ...scope, errorClass: 'dns' })],
  ['error class tls (never seen)', (scope) => ({ ...scope, errorClass: 'tls' })],
  ['an hour, somewhere', (scope, { receivedTime }) => ({ ...scope, ...hourFrom(receivedTime) })],
  [
    'an hour, failed',
    (scope, { receivedTime }) => ({ ...scope, ...hourFrom(receivedTime), state: 'failed' }),
  ],
  [
    'an hour, inbound',
    (scope, { receivedTime }) => ({ ...scope, ...hourFrom(receivedTime), reportType: 'mo' }),
  ],
  [
    'failed at one webhook',
    (scope, sample) => ({ ...scope, webhookId: webhookOf(sample, 0), state: 'failed' }),
  ],
  ['inbound, failed', (scope) => ({ ...scope, reportType: 'mo', state: 'failed' })],
  ['before everything', (scope, _sample, { startedAt }) => ({ ...scope, to: startedAt - 1 })],
];

function webhookOf(sample: Event, kind: number): string {
  return `wh_bench${sample.accountId.slice('acc_bench'.length)}x${kind}`;
}

function hourFrom(at: number | null): { from: number; to: number } {
  return { from: at ?? 0, to: (at ?? 0) + 3_600_000 };
}

console.log(machine());
const clock = { at: Date.UTC(2026, 10, 15) };
if (values.store !== 'sqlite' && values.store !== 'postgres')
  throw new Error('--store is sqlite or postgres.');
const store = await openHistoryStore(
  values.store,
  { now: () => clock.at, elapsed: () => clock.at, setTimer: () => ({ cancel: () => {} }) },
  Number(values.days),
);
const began = performance.now();
const filled = await fillHistory(store, clock, {
  deliveries: Number(values.deliveries),
  accounts: Number(values.accounts),
  days: Number(values.days),
  onProgress: (done) => {
    if (done % 100_000 < 1_000) console.log(`  ${count(done)} deliveries`);
  },
});
console.log(
  `${count(Number(values.deliveries))} deliveries of ${values.accounts} accounts in ${values.days} days, written in ${((performance.now() - began) / 1000).toFixed(0)} s`,
);

const [largest] = filled.accounts;
const lucky = filled.accounts.at(-1);
if (!largest || !lucky) throw new Error('There is no account.');
const scopes: readonly (readonly [who: string, scope: Scope])[] = [
  ['the account with half of all', { accountId: largest.id }],
  ['a small account without failures', { accountId: lucky.id }],
  ['the operator', { accountId: null }],
];
let slowest = 0;
for (const [who, scope] of scopes) {
  console.log(
    `\n${who}\n${'filter'.padEnd(38)}${'rows'.padStart(6)}${'median'.padStart(12)}${'longest'.padStart(12)}`,
  );
  const own = filled.samples.filter(({ accountId }) => accountId === scope.accountId);
  const samples = own.length > 0 ? own : filled.samples;
  for (const [what, ask] of questions) {
    const times: number[] = [];
    let rows = 0;
    for (let i = 0; i < tries; i++) {
      const sample = samples[Math.floor((samples.length / tries) * i)];
      if (!sample) throw new Error('There are too few deliveries.');
      const filter = ask(scope, sample, filled);
      const askedAt = performance.now();
      const page = await store.history.listDeliveries(filter, firstPage);
      times.push(performance.now() - askedAt);
      rows = Math.max(rows, page.data.length);
    }
    const worst = Math.max(...times);
    slowest = Math.max(slowest, median(times));
    console.log(
      what.padEnd(38) + String(rows).padStart(6) + ms(median(times)).padStart(12) + ms(worst).padStart(12),
    );
  }
}
await store.remove();
console.log();
judge([atMost('first page, median of the slowest question', longestMs, slowest, ms)]);
