/**
 * How many events go through: posted over HTTP, stored durably, signed and delivered to a sink in a process of its own;
 * beside the raw ceiling, taken in the same run. docs/benchmarks.md says how to read it.
 *
 *   npm run bench:throughput -- [--batch 100] [--webhooks 1] [--tls] [--all] [--seconds 8] [--repeat 3] [--cpu-prof]
 */
import { parseArgs } from 'node:util';
import { atLeast, type Bar, judge } from './harness/bars.ts';
import { count, median, ms, percentile, ratio, spread } from './harness/figures.ts';
import { startLoad } from './harness/load.ts';
import { machine } from './harness/machine.ts';
import { drain, type Measured, measure } from './harness/measure.ts';
import { pause, runToEnd, startGatewayProcess } from './harness/processes.ts';
import { createAccounts } from './harness/setup.ts';
import { callers, type Shape, shapeName, shapeOptions, shapesOf, warmUpSeconds } from './harness/shape.ts';
import { type Sink, startSink } from './harness/sink-process.ts';

const { values } = parseArgs({
  options: {
    ...shapeOptions,
    seconds: { type: 'string', default: '8' },
    repeat: { type: 'string', default: '3' },
    backlog: { type: 'string', default: '4000' },
    'cpu-prof': { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const repeat = Number(values.repeat);
const backlog = Number(values.backlog);

/** What the ceiling's share should be at least; `null`: no bar for this shape. */
function barFor({ batch, webhooks, tls }: Shape): number | null {
  if (process.env.HOOKWIRE_DATABASE_URL) return batch === 1 ? null : 0.35;
  if (batch === 1) return webhooks === 1 && !tls ? 0.35 : null;
  return webhooks === 1 || tls ? 0.65 : 0.8;
}

async function ceilingRound(shape: Shape, sink: Sink): Promise<number> {
  const inFlight = shape.webhooks === 1 ? '50' : '200';
  const args = [sink.urls.join(','), inFlight, String(warmUpSeconds(shape)), values.seconds];
  return (await runToEnd<{ perSecond: number }>('bench/harness/ceiling.ts', args, sink.trust)).perSecond;
}

async function gatewayRound(shape: Shape, sink: Sink): Promise<Measured> {
  const profiling = values['cpu-prof'] ? ['--cpu-prof', '--cpu-prof-dir=.tmp/profiles'] : [];
  await using gateway = await startGatewayProcess(sink.trust, profiling);
  const accountIds = await createAccounts(gateway, sink.urls);
  await sink.reset();
  const load = startLoad({
    gateway,
    accountIds,
    batch: shape.batch,
    connections: callers(shape),
    bound: { sink, backlog },
    rate: null,
  });
  await pause(warmUpSeconds(shape) * 1000);
  const measured = await measure(gateway, load, sink, seconds);
  await drain(load, sink);
  return measured;
}

/** What each thread costs a delivery, and what that lets more cores do. */
function threadsText(rounds: readonly Measured[]): string {
  const names = Object.keys(rounds[0]?.threads ?? {});
  const costs = new Map(
    names.map((name) => [
      name,
      median(rounds.map(({ threads, delivered }) => ((threads[name] ?? 0) / delivered) * 1e6)),
    ]),
  );
  const shown = [...costs].filter(([, cost]) => cost >= 0.5).sort((a, b) => b[1] - a[1]);
  const [main = 0, writer = 0, courier = 0] = ['node-MainThread', 'writer', 'courier'].map((name) =>
    costs.get(name),
  );
  // A model: nothing but a thread of its own holds a delivery up, and every thread has a core.
  const most = (couriers: number): string => count(1e6 / Math.max(main, writer, courier / couriers));
  return (
    `µs a delivery: ${shown.map(([name, cost]) => `${name} ${cost.toFixed(1)}`).join(', ')}\n` +
    `              a model: with cores enough ${most(1)}/s by one courier, ${most(2)}/s by two, ${most(64)}/s by many`
  );
}

async function run(shape: Shape): Promise<Bar[]> {
  console.log(`\n${shapeName(shape)}, ${callers(shape)} callers: ${repeat} rounds of ${seconds} s`);
  await using sink = await startSink(shape);
  const rounds: (Measured & { ceiling: number; ratio: number })[] = [];
  for (let i = 1; i <= repeat; i++) {
    const ceiling = await ceilingRound(shape, sink);
    const measured = await gatewayRound(shape, sink);
    const round = { ...measured, ceiling, ratio: measured.delivered / ceiling };
    rounds.push(round);
    console.log(
      `  round ${i}: ceiling ${count(ceiling)}/s, delivered ${count(round.delivered)}/s, ratio ${ratio(round.ratio)}`,
    );
  }
  const latencies = rounds.flatMap((round) => round.latenciesMs);
  const cpu = median(rounds.map((round) => round.cpu));
  const delivered = rounds.map((round) => round.delivered);
  const ratios = rounds.map((round) => round.ratio);
  console.log(`accepted/s    ${spread(rounds.map((round) => round.accepted))}`);
  console.log(`delivered/s   ${spread(delivered)}`);
  console.log(`raw ceiling/s ${spread(rounds.map((round) => round.ceiling))}`);
  console.log(
    `latency       p50 ${ms(percentile(latencies, 0.5))}, p95 ${ms(percentile(latencies, 0.95))}, p99 ${ms(percentile(latencies, 0.99))} from POST to arrival, at full load with at most ${count(backlog)} waiting`,
  );
  console.log(
    `gateway       ${cpu.toFixed(2)} CPU seconds a second (${((cpu / median(delivered)) * 1e6).toFixed(0)} µs a delivery), ${median(rounds.map((round) => round.residentMiB))} MiB resident`,
  );
  console.log(`threads       ${threadsText(rounds)}`);
  console.log(`ratio to the raw ceiling: ${spread(ratios, ratio)}`);
  const bar = barFor(shape);
  return bar === null
    ? []
    : [atLeast(`${shapeName(shape)}: ratio to the raw ceiling`, bar, median(ratios), ratio)];
}

console.log(machine());
console.log(
  `Everything durable: ${process.env.HOOKWIRE_DATABASE_URL ? 'synchronous_commit = on' : 'synchronous=FULL'}.`,
);
const bars: Bar[] = [];
for (const shape of shapesOf(values)) bars.push(...(await run(shape)));
console.log('');
judge(bars);
