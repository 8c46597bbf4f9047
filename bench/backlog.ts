/**
 * A million deliveries that wait for a dead endpoint: what they cost in memory, what the other webhooks notice, and how
 * long it takes until they are delivered once the endpoint is back. docs/benchmarks.md says how to read it.
 *
 *   npm run bench:backlog -- [--deliveries 1000000] [--dead hangs|refuses] [--seconds 10] [--drain-minutes 15]
 */
import { parseArgs } from 'node:util';
import { freePort } from '../src/testing/free-port.ts';
import { atLeast, atMost, judge } from './harness/bars.ts';
import { count, ratio } from './harness/figures.ts';
import { startLoad } from './harness/load.ts';
import { machine } from './harness/machine.ts';
import { drain, measure } from './harness/measure.ts';
import { type GatewayProcess, pause, startGatewayProcess } from './harness/processes.ts';
import { createAccounts } from './harness/setup.ts';
import { type Sink, startSink } from './harness/sink-process.ts';
import { openStoreSizes } from './harness/store-size.ts';

const { values } = parseArgs({
  options: {
    deliveries: { type: 'string', default: '1000000' },
    dead: { type: 'string', default: 'hangs' },
    seconds: { type: 'string', default: '10' },
    'drain-minutes': { type: 'string', default: '15' },
  },
});
const deliveries = Number(values.deliveries);
const seconds = Number(values.seconds);
const drainMs = Number(values['drain-minutes']) * 60_000;
if (values.dead !== 'hangs' && values.dead !== 'refuses') throw new Error('--dead takes hangs or refuses.');
const otherWebhooks = 10;
const loadBatch = 1_000;
const warmUpEvents = 100_000;

const mib = (value: number): string => `${Math.round(value)} MiB`;

/** The highest resident memory since the last call, looked at every 100 ms. */
function watchMemory(gateway: GatewayProcess): { highest(): number; [Symbol.dispose](): void } {
  let highest = 0;
  const look = async (): Promise<void> => {
    highest = Math.max(highest, (await gateway.usage()).residentMiB);
  };
  const timer = setInterval(() => look().catch(() => clearInterval(timer)), 100);
  return {
    highest() {
      const value = highest;
      highest = 0;
      return value;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

/** The rate of the other webhooks at full load. */
async function othersRate(
  gateway: GatewayProcess,
  accountIds: readonly string[],
  sink: Sink,
): Promise<number> {
  await sink.reset();
  const load = startLoad({
    gateway,
    accountIds,
    batch: 100,
    connections: 4,
    bound: { sink, backlog: 4_000 },
    rate: null,
  });
  await pause(3_000);
  const { delivered } = await measure(gateway, load, sink, seconds);
  await drain(load, sink);
  return delivered;
}

/** Posts as fast as it goes, in large batches; gives how many a second were accepted. */
async function fill(gateway: GatewayProcess, accountIds: readonly string[], total: number): Promise<number> {
  const startedAt = performance.now();
  const load = startLoad({
    gateway,
    accountIds,
    batch: loadBatch,
    connections: 4,
    bound: null,
    rate: null,
    total,
  });
  await load.ended;
  const perSecond = (load.accepted / (performance.now() - startedAt)) * 1000;
  await load.stop();
  return perSecond;
}

/** Gives the gateway the work that will be measured, so that what it grows by then is what waits. */
async function warmUp(gateway: GatewayProcess, accountIds: readonly string[], sink: Sink): Promise<void> {
  await sink.reset();
  await fill(gateway, accountIds, warmUpEvents);
  const deadline = Date.now() + 120_000;
  while (sink.received < warmUpEvents && Date.now() < deadline) await pause(50);
}

/** Seconds since the endpoint came back. */
interface ComeBack {
  readonly first: number;
  /** 99 % have arrived: the few that were being tried while it was dead wait for their own retries. */
  readonly most: number;
  readonly all: number;
  readonly arrived: number;
}

/** Waits until everything has arrived at the endpoint that is back. */
async function comeBack(sink: Sink): Promise<ComeBack> {
  const startedAt = performance.now();
  const since = (): number => (performance.now() - startedAt) / 1000;
  let first = Number.NaN;
  let most = Number.NaN;
  let shown = 0;
  while (sink.received < deliveries && performance.now() - startedAt < drainMs) {
    await pause(50);
    if (Number.isNaN(first) && sink.received > 0) first = since();
    if (Number.isNaN(most) && sink.received >= deliveries * 0.99) most = since();
    if (since() - shown < 30) continue;
    shown = since();
    console.log(`  ${shown.toFixed(0)} s: ${count(sink.received)} have arrived`);
  }
  return { first, most, all: since(), arrived: sink.received };
}

console.log(machine());
await using sink = await startSink({ webhooks: otherWebhooks });
await using gateway = await startGatewayProcess({ HOOKWIRE_SHUTDOWN_TIMEOUT_MS: '1000' });
await using sizes = await openStoreSizes(gateway.dataDir);
const others = await createAccounts(gateway, sink.urls);
const port = await freePort();
let dead = values.dead === 'hangs' ? await startSink({ port, answer: 'hang' }) : null;
const [deadAccount = ''] = await createAccounts(gateway, [`http://127.0.0.1:${port}/dlr`]);
using memory = watchMemory(gateway);

await warmUp(gateway, others, sink);
const rateBefore = await othersRate(gateway, others, sink);
await pause(3_000);
memory.highest();
await pause(1_000);
const before = memory.highest();
console.log(`\nbefore: ${mib(before)} resident; ${otherWebhooks} other webhooks take ${count(rateBefore)}/s`);

const fillRate = await fill(gateway, [deadAccount], deliveries);
const whileFilling = memory.highest();
await pause(10_000);
const atRest = memory.highest();
const { fileMiB } = await sizes.look();
console.log(
  `${count(deliveries)} wait for an endpoint that ${values.dead}: taken at ${count(fillRate)}/s; file ${mib(fileMiB)}`,
);
const rateWith = await othersRate(gateway, others, sink);
const atWork = memory.highest();
console.log(
  `resident: at most ${mib(whileFilling)} while they came, ${mib(atRest)} in the 10 s after, ${mib(atWork)} with the others at full load`,
);
console.log(`the other webhooks take ${count(rateWith)}/s`);

if (dead) {
  // What it hangs on counts as arrived; only what comes from now on is delivered.
  await dead.reset();
  dead.answer('ok');
} else dead = await startSink({ port });
await using endpoint = dead;
console.log('the endpoint is back');
const back = await comeBack(endpoint);
console.log(
  back.arrived >= deliveries
    ? `drained: the first after ${back.first.toFixed(1)} s, 99 % after ${back.most.toFixed(0)} s (${count((deliveries * 0.99) / back.most)}/s), all after ${back.all.toFixed(0)} s; at most ${mib(memory.highest())} resident`
    : `NOT drained within ${values['drain-minutes']} minutes: ${count(back.arrived)} arrived`,
);
// Once more without the backlog: what the machine itself does in these minutes weighs half as much.
const rateAfter = await othersRate(gateway, others, sink);
console.log(`the other webhooks take ${count(rateAfter)}/s`);
const { fileMiB: atEnd, deadRows, deadWaiting } = await sizes.look();
if (process.env.HOOKWIRE_DATABASE_URL) {
  console.log(
    `database ${mib(atEnd)}; ${count(deadRows)} dead rows, ${count(deadWaiting)} of them of what waits`,
  );
}
console.log('');
judge([
  atMost(
    'growth of resident memory while they wait',
    200,
    Math.max(whileFilling, atRest, atWork) - before,
    mib,
  ),
  atLeast('share of their rate that the others keep', 0.9, rateWith / ((rateBefore + rateAfter) / 2), ratio),
  atLeast('share of the waiting deliveries that arrived', 1, back.arrived / deliveries, ratio),
]);
