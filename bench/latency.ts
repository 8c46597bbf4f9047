/**
 * How long an event takes from its POST to its arrival at the endpoint, at half of the throughput measured just before.
 * docs/benchmarks.md says how to read it.
 *
 *   npm run bench:latency -- [--batch 100,1] [--webhooks 1] [--tls] [--all] [--seconds 10] [--repeat 3]
 */
import { parseArgs } from 'node:util';
import { atMost, type Bar, judge } from './harness/bars.ts';
import { calibrate } from './harness/calibrate.ts';
import { count, median, ms, percentile, spread } from './harness/figures.ts';
import { startLoad } from './harness/load.ts';
import { machine } from './harness/machine.ts';
import { drain, measure } from './harness/measure.ts';
import { pause, startGatewayProcess } from './harness/processes.ts';
import { createAccounts } from './harness/setup.ts';
import { callers, type Shape, shapeName, shapeOptions, shapesOf, warmUpSeconds } from './harness/shape.ts';
import { type Sink, startSink } from './harness/sink-process.ts';

const { values } = parseArgs({
  options: {
    ...shapeOptions,
    batch: { type: 'string', default: '100,1' },
    seconds: { type: 'string', default: '10' },
    repeat: { type: 'string', default: '3' },
  },
});
const seconds = Number(values.seconds);
const repeat = Number(values.repeat);
const shares = [0.5, 0.95, 0.99, 1] as const;

interface Round {
  readonly full: number;
  readonly rate: number;
  /** In the order of `shares`. */
  readonly percentiles: readonly number[];
}

async function round(shape: Shape, sink: Sink): Promise<Round> {
  await using gateway = await startGatewayProcess(sink.trust);
  const accountIds = await createAccounts(gateway, sink.urls);
  const posting = { gateway, accountIds, batch: shape.batch, connections: callers(shape) };
  const full = await calibrate(posting, sink, warmUpSeconds(shape));
  await sink.reset();
  const load = startLoad({ ...posting, connections: 50, bound: null, rate: full / 2 });
  await pause(2_000);
  const { delivered, latenciesMs } = await measure(gateway, load, sink, seconds);
  await drain(load, sink);
  return { full, rate: delivered, percentiles: shares.map((share) => percentile(latenciesMs, share)) };
}

async function run(shape: Shape): Promise<Bar[]> {
  console.log(`\n${shapeName(shape)}: ${repeat} rounds of ${seconds} s at half of the throughput`);
  await using sink = await startSink(shape);
  const rounds: Round[] = [];
  for (let i = 1; i <= repeat; i++) {
    const done = await round(shape, sink);
    rounds.push(done);
    const [p50, p95, p99, max] = done.percentiles.map(ms);
    console.log(
      `  round ${i}: ${count(done.rate)}/s of ${count(done.full)}/s: p50 ${p50}, p95 ${p95}, p99 ${p99}, longest ${max}`,
    );
  }
  const each = (i: number): number[] => rounds.map(({ percentiles }) => percentiles[i] ?? Number.NaN);
  for (const [i, name] of ['p50', 'p95', 'p99', 'longest'].entries()) {
    console.log(`${name.padEnd(8)} ${spread(each(i), ms)}`);
  }
  return [
    atMost(`${shapeName(shape)}: p50`, shape.batch === 1 ? 2 : 5, median(each(0)), ms),
    atMost(`${shapeName(shape)}: p99`, shape.batch === 1 ? 15 : 25, median(each(2)), ms),
  ];
}

console.log(machine());
const shapes = values.all
  ? shapesOf(values)
  : values.batch.split(',').flatMap((batch) => shapesOf({ ...values, batch }));
const bars: Bar[] = [];
for (const shape of shapes) bars.push(...(await run(shape)));
console.log('');
judge(bars);
