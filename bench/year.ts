/**
 * What a year does to the store: plays it in minutes with a clock of its own, on the real store with its threads, and prints
 * by month (each so many days: `every`) how large the file is, how long a start and first pages take, and what intake costs while old events are cut.
 * docs/benchmarks.md says how to read it.
 *
 *   npm run bench:year -- [--perDay 100000] [--days 365] [--scale 50] [--payloadDays 30] [--logDays 180]
 *     [--every 30]
 *
 * `scale`: so many times fewer events are played than there would be; sizes are printed as they are and per event.
 */
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { QueuedDelivery } from '../src/core/delivery.ts';
import { dayMs, keepTimes } from '../src/core/keeping.ts';
import { attemptOf, delivered } from '../src/stores/conformance/samples.ts';
import type { NewEvent } from '../src/stores/ports/delivery-log.ts';
import { createCipher } from '../src/stores/secrets/cipher.ts';
import { type JoinedStore, openJoinedStore } from '../src/stores/sqlite/testing/joined-store.ts';
import { testEvent } from '../src/testing/factories.ts';
import { atMost, judge } from './harness/bars.ts';
import { removeDirectory, temporaryDirectory } from './harness/children.ts';
import { count, median, ms, percentile } from './harness/figures.ts';
import { machine } from './harness/machine.ts';

const { values } = parseArgs({
  options: {
    perDay: { type: 'string', default: '100000' },
    days: { type: 'string', default: '365' },
    scale: { type: 'string', default: '50' },
    payloadDays: { type: 'string', default: '30' },
    logDays: { type: 'string', default: '180' },
    every: { type: 'string', default: '30' },
  },
});
const days = Number(values.days);
const perDay = Math.round(Number(values.perDay) / Number(values.scale));
const keep = keepTimes({ payloadDays: Number(values.payloadDays), logDays: Number(values.logDays) });
const batch = 200;
const monthDays = Number(values.every);
const pieceMs = 3;
const clock = { at: Date.UTC(2026, 0, 1) };
const dataDir = temporaryDirectory('year');

function open(): Promise<JoinedStore> {
  return openJoinedStore({
    dataDir,
    cipher: createCipher(Buffer.alloc(32, 7).toString('base64')),
    clock: { now: () => clock.at, elapsed: () => clock.at, setTimer: () => ({ cancel: () => {} }) },
    onDeath: (error) => {
      throw error;
    },
  });
}

let made = 0;
/** 80 % reports of SMS, 15 % of WhatsApp, 5 % messages of some 300 characters. */
function eventOf(): NewEvent {
  const n = made++;
  const parts = {
    messageId: `message-${n}-0a1b2c3d`,
    transactionId: `81934341034${n}`,
    mobileNumber: `9198${String((n * 7919) % 100_000_000).padStart(8, '0')}`,
    receivedTime: clock.at,
    deliveredTime: clock.at + 3_000,
  };
  const kind = n % 20;
  const whatsapp = { product: 'whatsapp', productUniqueId: '919999999999', part: null } as const;
  const text = { type: 'text', text: { body: `Hello, this is message ${n}. `.repeat(10) } };
  const mo = { ...whatsapp, reportType: 'mo', status: null, profileName: 'Asha Rao', message: text } as const;
  const { id: _id, ...event } = testEvent(
    kind < 16 ? parts : kind < 19 ? { ...parts, ...whatsapp } : { ...parts, ...mo },
  );
  return { event, ownId: null, webhookIds: [`wh_${n % 100}`] };
}

let accepted: QueuedDelivery[] = [];
let store = await open();
const calls: { cutting: boolean; took: number }[] = [];
const pieces: number[] = [];
let [cut, dropped] = [0, 0];

/** Hands in events and records what came of them. */
async function intake(cutting: boolean): Promise<void> {
  const entries = Array.from({ length: batch }, eventOf);
  const began = performance.now();
  await store.log.append(entries);
  calls.push({ cutting, took: performance.now() - began });
  const told = accepted;
  accepted = [];
  const answer = { startedAt: clock.at, responseBody: '{"status":"accepted","id":"0a1b2c3d4e5f"}' };
  await Promise.all(
    told.map(
      (each) => new Promise<void>((resolve) => store.log.record(attemptOf(each, delivered, answer), resolve)),
    ),
  );
}

/** A piece beside a call, as the gateway has them; whether there is more. */
async function piece(): Promise<boolean> {
  const done = await store.retention.cut({ now: clock.at, mostMs: pieceMs });
  cut += done.cut;
  dropped += done.dropped;
  pieces.push(done.tookMs);
  return !done.isDone;
}

async function begin(): Promise<void> {
  store.log.onAccepted((deliveries) => {
    accepted = [...accepted, ...deliveries];
  });
  await store.retention.keep({ ofAll: keep, own: new Map() });
}

async function firstPage(): Promise<number> {
  const filters = [{}, { mobileNumber: '919800007919' }, { mobileNumber: '7919' }, { webhookId: 'wh_1' }];
  const times: number[] = [];
  for (const filter of filters) {
    const began = performance.now();
    await store.history.listDeliveries({ accountId: 'acc_1', ...filter }, { limit: 50, cursor: null });
    times.push(performance.now() - began);
  }
  return Math.max(...times);
}

/** Where the bytes are, the most first; free pages are `free`. */
function bytesByTable(): (readonly [string, number])[] {
  const db = new DatabaseSync(`${dataDir}/hookwire.db`);
  const rows = db.prepare('SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name').all();
  const free = Number(db.prepare('PRAGMA freelist_count').get()?.freelist_count) * 4096;
  db.close();
  const all = [
    ...rows.map(({ name, bytes }) => [String(name), Number(bytes)] as const),
    ['free', free] as const,
  ];
  return all.sort(([, a], [, b]) => b - a);
}

console.log(machine());
console.log(
  `${count(days)} days of ${count(perDay)} events (${values.perDay} a day, ${values.scale} times fewer), payload ${values.payloadDays} days, log ${values.logDays} days`,
);
console.log(
  `${'day'.padStart(5)}${'events'.padStart(12)}${'file, MB'.padStart(10)}${'wal, MB'.padStart(9)}${'start'.padStart(10)}${'first page'.padStart(12)}${'cut'.padStart(10)}${'dropped'.padStart(10)}${'CPU/event'.padStart(12)}`,
);
const startedAt = clock.at;
const sizes: number[] = [];
await begin();
let cpu = process.cpuUsage();
let madeBefore = 0;
for (let day = 1; day <= days; day++) {
  for (let n = 0; n < perDay; n += batch) {
    clock.at = startedAt + (day - 1) * dayMs + Math.floor((n / perDay) * dayMs);
    // Every other call has a piece beside it, so that both kinds are timed at the same state of the file.
    const cutting = calls.length % 2 === 1;
    await Promise.all([intake(cutting), cutting ? piece() : null]);
  }
  while (await piece());
  if (day % monthDays !== 0 && day !== days) continue;
  const used = process.cpuUsage(cpu);
  const perEvent = (used.user + used.system) / (made - madeBefore);
  await store.close();
  const bytes = statSync(`${dataDir}/hookwire.db`).size;
  const opening = performance.now();
  store = await open();
  const start = performance.now() - opening;
  await begin();
  const page = await firstPage();
  sizes.push(bytes);
  console.log(
    String(day).padStart(5) +
      count(made).padStart(12) +
      (bytes / 1e6).toFixed(1).padStart(10) +
      (statSync(`${dataDir}/hookwire.db-wal`).size / 1e6).toFixed(1).padStart(9) +
      ms(start).padStart(10) +
      ms(page).padStart(12) +
      count(cut).padStart(10) +
      count(dropped).padStart(10) +
      `${perEvent.toFixed(1)} µs`.padStart(12),
  );
  [cpu, madeBefore, cut, dropped] = [process.cpuUsage(), made, 0, 0];
  await pause(0);
}
await store.close();
for (const [table, bytes] of bytesByTable().slice(0, 8))
  console.log(`${table.padEnd(28)}${(bytes / 1e6).toFixed(1).padStart(8)} MB`);
removeDirectory(dataDir);

const late = calls.slice(calls.length / 2);
const beside = late.filter(({ cutting }) => cutting).map(({ took }) => took);
const alone = late.filter(({ cutting }) => !cutting).map(({ took }) => took);
console.log(
  `calls of ${batch} events, second half: alone p50 ${ms(median(alone))}, p99 ${ms(percentile(alone, 0.99))}; ` +
    `beside a piece p50 ${ms(median(beside))}, p99 ${ms(percentile(beside, 0.99))}`,
);
console.log(
  `pieces: p50 ${ms(median(pieces))}, p99 ${ms(percentile(pieces, 0.99))}, longest ${ms(Math.max(...pieces))}`,
);
const whenAllRun = Math.ceil(Number(values.logDays) / monthDays);
const flat = sizes.slice(whenAllRun);
judge([
  atMost('piece, longest', 50, Math.max(...pieces), ms),
  ...(flat.length > 1
    ? [
        atMost(
          'file at the end, of that when both clocks had run',
          1.05,
          (flat.at(-1) ?? 0) / (flat[0] ?? 1),
          (x) => x.toFixed(3),
        ),
      ]
    : []),
]);
