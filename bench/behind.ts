/**
 * What others notice while the gateway works off what is old: the days of an old database for which retention is switched on, and
 * erasures of people who are each in a tenth of all events. The whole program, beside a steady load of single events, in windows
 * with and without in turns. docs/benchmarks.md says how to read it.
 *
 *   npm run bench:behind -- [--only cutting|erasing] [--events 300000] [--days 100] [--rate 200] [--seconds 10] [--windows 4]
 */
import { parseArgs } from 'node:util';
import type { QueuedDelivery } from '../src/core/delivery.ts';
import { dayMs } from '../src/core/keeping.ts';
import { attemptOf, delivered } from '../src/stores/conformance/samples.ts';
import { createCipher } from '../src/stores/secrets/cipher.ts';
import { openJoinedStore } from '../src/stores/sqlite/testing/joined-store.ts';
import { testEvent } from '../src/testing/factories.ts';
import { atMost, type Bar, judge } from './harness/bars.ts';
import { removeDirectory, temporaryDirectory } from './harness/children.ts';
import { count, median, ms, percentile, spread } from './harness/figures.ts';
import { type Load, startLoad } from './harness/load.ts';
import { machine } from './harness/machine.ts';
import { measure } from './harness/measure.ts';
import { type GatewayProcess, pause, startGatewayProcess } from './harness/processes.ts';
import { callApi, createAccounts } from './harness/setup.ts';
import { startSink } from './harness/sink-process.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    events: { type: 'string', default: '300000' },
    days: { type: 'string', default: '100' },
    rate: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '10' },
    windows: { type: 'string', default: '4' },
  },
});
const events = Number(values.events);
const days = Number(values.days);
const seconds = Number(values.seconds);
const windows = Number(values.windows);
const atOnce = 1_000;
/** Each is in a tenth of the events; one is erased in each window. */
const people = Array.from({ length: Math.min(windows, 8) }, (_, i) => `91987654321${i}`);
const masterKey = Buffer.alloc(32, 7).toString('base64');
/** A process that was just started is slower for a while. */
const warmUpMs = 4_000;

/** Events of `days` until now, delivered, as a store has them in which nothing was ever cut. */
async function fill(dataDir: string): Promise<void> {
  const clock = { at: Date.now() - days * dayMs };
  const store = await openJoinedStore({
    ...{ dataDir, cipher: createCipher(masterKey) },
    clock: { now: () => clock.at, elapsed: () => clock.at, setTimer: () => ({ cancel: () => {} }) },
    onDeath: (error) => {
      throw error;
    },
  });
  let told: QueuedDelivery[] = [];
  store.log.onAccepted((deliveries) => {
    told = [...told, ...deliveries];
  });
  for (let made = 0; made < events; ) {
    const entries = Array.from({ length: atOnce }, () => {
      const n = made++;
      const { id: _id, ...event } = testEvent({
        messageId: `message-${n}-0a1b2c3d`,
        transactionId: `81934341034${n}`,
        mobileNumber: people[n % 10] ?? `9198${String((n * 7919) % 100_000_000).padStart(8, '0')}`,
        receivedTime: clock.at,
        deliveredTime: clock.at + 3_000,
      });
      return { event, ownId: null, webhookIds: [`wh_${n % 100}`] };
    });
    await store.log.append(entries);
    const some = told;
    told = [];
    const answer = { startedAt: clock.at, responseBody: '{"status":"accepted","id":"0a1b2c3d4e5f"}' };
    await Promise.all(
      some.map(
        (each) =>
          new Promise<void>((resolve) => store.log.record(attemptOf(each, delivered, answer), resolve)),
      ),
    );
    clock.at += (days * dayMs * atOnce) / events;
  }
  await store.close();
}

/** The latencies of each window. */
interface Windows {
  readonly without: (readonly number[])[];
  readonly beside: (readonly number[])[];
}

const p99 = (latenciesMs: readonly number[]): number => percentile(latenciesMs, 0.99);

function show(what: string, each: readonly (readonly number[])[]): void {
  const all = each.flat();
  const longest = each.map((window) => percentile(window, 1));
  console.log(
    `  ${what.padEnd(24)} p50 ${ms(median(all))}, p95 ${ms(percentile(all, 0.95))}, p99 ${ms(p99(all))}, of windows ${spread(each.map(p99), ms)}, longest ${spread(longest, ms)}`,
  );
}

/** One window of the load. */
async function watch(gateway: GatewayProcess, load: Load): Promise<readonly number[]> {
  return (await measure(gateway, load, sink, seconds)).latenciesMs;
}

interface Overview {
  readonly retention: {
    readonly payload: { readonly behindMs: number };
    readonly log: { readonly behindMs: number };
    readonly cut: number;
    readonly dropped: number;
  };
}

async function retentionOf(gateway: GatewayProcess): Promise<Overview['retention']> {
  return (await callApi<Overview>(gateway, 'GET', '/v1/gateway')).retention;
}

function startRate(gateway: GatewayProcess): Load {
  return startLoad({
    ...{ gateway, accountIds, batch: 1, connections: 20, bound: null, rate: Number(values.rate) },
  });
}

/** A process for each window, on the same database; it says what it has cut in the window. */
async function window(keep: object): Promise<{ latencies: readonly number[]; said: string }> {
  await using gateway = await startGatewayProcess({ ...env, ...keep });
  if (accountIds.length === 0) accountIds = await createAccounts(gateway, sink.urls);
  const load = startRate(gateway);
  await pause(warmUpMs);
  const before = await retentionOf(gateway);
  const latencies = await watch(gateway, load);
  const { payload, log, cut, dropped } = await retentionOf(gateway);
  await load.stop();
  const behind = [payload, log].map(({ behindMs }) => (behindMs / dayMs).toFixed(0)).join(' and ');
  return {
    latencies,
    said: `${count(cut - before.cut)} cut, ${count(dropped - before.dropped)} deleted, behind by ${behind} days`,
  };
}

/** Which comes first changes with each pair, so that a machine that becomes slower is no one's fault. */
async function besideCutting(): Promise<Windows> {
  const found: Windows = { without: [], beside: [] };
  const keepAll = { HOOKWIRE_KEEP_PAYLOAD_DAYS: '0', HOOKWIRE_KEEP_LOG_DAYS: '0' };
  const keepSome = { HOOKWIRE_KEEP_PAYLOAD_DAYS: '10', HOOKWIRE_KEEP_LOG_DAYS: '30' };
  const without = async (): Promise<void> => void found.without.push((await window(keepAll)).latencies);
  const beside = async (): Promise<void> => {
    const { latencies, said } = await window(keepSome);
    found.beside.push(latencies);
    console.log(`  ${said}`);
  };
  await window(keepAll);
  for (let i = 0; i < windows; i++) {
    for (const one of i % 2 === 0 ? [without, beside] : [beside, without]) await one();
  }
  return found;
}

/** One process; each window with an erasure is as long as this, or as the others are. */
async function besideErasures(): Promise<Windows> {
  const found: Windows = { without: [], beside: [] };
  await using gateway = await startGatewayProcess({
    ...{ ...env, HOOKWIRE_KEEP_PAYLOAD_DAYS: '0', HOOKWIRE_KEEP_LOG_DAYS: '0' },
  });
  if (accountIds.length === 0) accountIds = await createAccounts(gateway, sink.urls);
  for (const [i, person] of people.entries()) {
    const load = startRate(gateway);
    await pause(i === 0 ? warmUpMs : 1_000);
    found.without.push(await watch(gateway, load));
    const began = performance.now();
    const { taskId } = await callApi<{ taskId: string }>(gateway, 'POST', '/v1/erasures', {
      mobileNumber: person,
    });
    const task = (): Promise<Task> => callApi<Task>(gateway, 'GET', `/v1/tasks/${taskId}`);
    found.beside.push(await watch(gateway, load));
    const then = await task();
    await load.stop();
    let { state } = then;
    while (state !== 'done' && performance.now() < began + 600_000) {
      await pause(200);
      ({ state } = await task());
    }
    console.log(
      `  ${then.state} at the end of the window, ${state} after ${((performance.now() - began) / 1000).toFixed(1)} s, without traffic from ${seconds} s on`,
    );
  }
  return found;
}

interface Task {
  readonly state: string;
}

console.log(machine());
const dataDir = temporaryDirectory('behind');
const filling = performance.now();
await fill(dataDir);
console.log(
  `${count(events)} events of ${days} days in ${((performance.now() - filling) / 1000).toFixed(0)} s; single events, ${values.rate} a second, from POST to the endpoint:`,
);
await using sink = await startSink({ sampleEvery: 1 });
const env = { ...sink.trust, HOOKWIRE_DATA_DIR: dataDir, HOOKWIRE_MASTER_KEY: masterKey };
let accountIds: string[] = [];
const bars: Bar[] = [];

// Erasures first: they find whole events.
for (const [name, run] of [
  ['erasing', besideErasures],
  ['cutting', besideCutting],
] as const) {
  if ((values.only ?? name) !== name) continue;
  const { without, beside } = await run();
  show(`without ${name}`, without);
  show(`beside ${name}`, beside);
  const ratio = (value: number): string => `× ${value.toFixed(2)}`;
  const half = (rest: number): number => median(without.filter((_, i) => i % 2 === rest).map(p99));
  console.log(`  noise: p99 of every other window without to that of the rest ${ratio(half(0) / half(1))}`);
  const pairs = beside.map((window, i) => p99(window) / p99(without[i] ?? []));
  console.log(`  p99 beside ${name} to p99 without, by pairs of windows: ${spread(pairs, ratio)}`);
  bars.push(atMost(`p99 beside ${name}, to p99 without, the median of pairs`, 1.1, median(pairs), ratio));
}
removeDirectory(dataDir);
console.log('');
judge(bars);
