/**
 * What others notice while the gateway works off what is old: the days of an old database for which retention is switched on, and
 * the erasure of somebody who is in a tenth of all events. The whole program, beside a steady load of single events.
 * docs/benchmarks.md says how to read it.
 *
 *   npm run bench:behind -- [--events 500000] [--days 100] [--rate 200] [--seconds 10] [--windows 3]
 */
import { parseArgs } from 'node:util';
import type { QueuedDelivery } from '../src/core/delivery.ts';
import { dayMs } from '../src/core/keeping.ts';
import { attemptOf, delivered } from '../src/stores/conformance/samples.ts';
import { createCipher } from '../src/stores/secrets/cipher.ts';
import { openJoinedStore } from '../src/stores/sqlite/testing/joined-store.ts';
import { testEvent } from '../src/testing/factories.ts';
import { atMost, judge } from './harness/bars.ts';
import { removeDirectory, temporaryDirectory } from './harness/children.ts';
import { count, median, ms, percentile } from './harness/figures.ts';
import { startLoad } from './harness/load.ts';
import { machine } from './harness/machine.ts';
import { measure } from './harness/measure.ts';
import { type GatewayProcess, pause, startGatewayProcess } from './harness/processes.ts';
import { callApi, createAccounts } from './harness/setup.ts';
import { type Sink, startSink } from './harness/sink-process.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '500000' },
    days: { type: 'string', default: '100' },
    rate: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '10' },
    windows: { type: 'string', default: '3' },
  },
});
const events = Number(values.events);
const days = Number(values.days);
const seconds = Number(values.seconds);
const windows = Number(values.windows);
const atOnce = 1_000;
/** Who is in a tenth of the events, and is erased. */
const person = '919876543210';
const masterKey = Buffer.alloc(32, 7).toString('base64');

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
        mobileNumber: n % 10 === 0 ? person : `9198${String((n * 7919) % 100_000_000).padStart(8, '0')}`,
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

interface Figures {
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
}

const shownFigures = ({ p50, p99, longest }: Figures): string =>
  `p50 ${ms(p50)}, p99 ${ms(p99)}, longest ${ms(longest)}`;

/** Watches the load for a while, in windows: each figure is the middle one of theirs. */
async function watch(
  what: string,
  gateway: GatewayProcess,
  sink: Sink,
  accountIds: string[],
): Promise<Figures> {
  const load = startLoad({
    ...{ gateway, accountIds, batch: 1, connections: 20, bound: null, rate: Number(values.rate) },
  });
  await pause(1_000);
  const each: Figures[] = [];
  for (let i = 0; i < windows; i++) {
    const { latenciesMs } = await measure(gateway, load, sink, seconds);
    const [p50, p99, longest] = [0.5, 0.99, 1].map((share) => percentile(latenciesMs, share));
    each.push({ p50: p50 ?? 0, p99: p99 ?? 0, longest: longest ?? 0 });
  }
  await load.stop();
  const middle = (figure: keyof Figures): number => median(each.map((window) => window[figure]));
  const figures = { p50: middle('p50'), p99: middle('p99'), longest: middle('longest') };
  console.log(`  ${what.padEnd(40)} ${shownFigures(figures)}`);
  return figures;
}

interface Overview {
  readonly retention: {
    readonly payload: { readonly behindMs: number };
    readonly log: { readonly behindMs: number };
    readonly cut: number;
    readonly dropped: number;
  };
}

console.log(machine());
const dataDir = temporaryDirectory('behind');
const filling = performance.now();
await fill(dataDir);
console.log(
  `${count(events)} events of ${days} days in ${((performance.now() - filling) / 1000).toFixed(0)} s; single events, ${values.rate} a second, from POST to the endpoint:`,
);
await using sink = await startSink();
const env = { ...sink.trust, HOOKWIRE_DATA_DIR: dataDir, HOOKWIRE_MASTER_KEY: masterKey };
const keepAll = { HOOKWIRE_KEEP_PAYLOAD_DAYS: '0', HOOKWIRE_KEEP_LOG_DAYS: '0' };
const keepSome = { HOOKWIRE_KEEP_PAYLOAD_DAYS: '10', HOOKWIRE_KEEP_LOG_DAYS: '30' };

let accountIds: string[] = [];
const without = await (async () => {
  await using gateway = await startGatewayProcess({ ...env, ...keepAll });
  accountIds = await createAccounts(gateway, sink.urls);
  await watch('to warm up', gateway, sink, accountIds);
  return await watch('nothing is cut', gateway, sink, accountIds);
})();

const { beside, after, erasing, afterwards } = await (async () => {
  await using gateway = await startGatewayProcess({ ...env, ...keepSome });
  const shown = async (): Promise<Overview['retention']> =>
    (await callApi<Overview>(gateway, 'GET', '/v1/gateway')).retention;
  await watch(`${days - 10} days behind`, gateway, sink, accountIds);
  const atFirst = await shown();
  const cutting = await watch('further on', gateway, sink, accountIds);
  const status = await shown();
  console.log(
    `  contents cut of ${count(atFirst.cut)} and then ${count(status.cut)} events, behind by ${(status.payload.behindMs / dayMs).toFixed(0)} and ${(status.log.behindMs / dayMs).toFixed(0)} days`,
  );
  const until = performance.now() + 600_000;
  for (let now = status; now.payload.behindMs + now.log.behindMs > dayMs && performance.now() < until; ) {
    await pause(500);
    now = await shown();
  }
  const done = await shown();
  console.log(`  done: ${count(done.cut)} cut, ${count(done.dropped)} deleted`);
  const still = await watch('all is cut', gateway, sink, accountIds);

  const began = performance.now();
  const { taskId } = await callApi<{ taskId: string }>(gateway, 'POST', '/v1/erasures', {
    mobileNumber: person,
  });
  const beingErased = await watch('somebody is being erased', gateway, sink, accountIds);
  let state = '';
  while (state !== 'done' && performance.now() < began + 600_000) {
    ({ state } = await callApi<{ state: string }>(gateway, 'GET', `/v1/tasks/${taskId}`));
    if (state !== 'done') await pause(200);
  }
  console.log(`  the erasure is ${state} after ${((performance.now() - began) / 1000).toFixed(1)} s`);
  const quiet = await watch('nothing is erased', gateway, sink, accountIds);
  return { beside: cutting, after: still, erasing: beingErased, afterwards: quiet };
})();

removeDirectory(dataDir);
console.log('');
const ratio = (value: number): string => `× ${value.toFixed(2)}`;
const usual = (figure: 'p50' | 'p99'): number => median([without[figure], after[figure], afterwards[figure]]);
judge([
  atMost('p99 beside what is worked off, to p99 without', 1.1, beside.p99 / usual('p99'), ratio),
  atMost('p99 beside an erasure, to p99 without', 1.1, erasing.p99 / usual('p99'), ratio),
]);
