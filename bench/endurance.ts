/**
 * Minutes at 80 % of the throughput: memory, file size, WAL size and latency every 10 s, and whether they drift after
 * the first minute. docs/benchmarks.md says how to read it.
 *
 *   npm run bench:endurance -- [--minutes 10] [--batch 100] [--share 0.8]
 */
import { parseArgs } from 'node:util';
import { atLeast, atMost, judge } from './harness/bars.ts';
import { calibrate } from './harness/calibrate.ts';
import { count, median, ms, percentile, ratio } from './harness/figures.ts';
import { startLoad } from './harness/load.ts';
import { machine } from './harness/machine.ts';
import { drain, measure } from './harness/measure.ts';
import { startGatewayProcess } from './harness/processes.ts';
import { createAccounts } from './harness/setup.ts';
import { callers, shapeName } from './harness/shape.ts';
import { startSink } from './harness/sink-process.ts';
import { openStoreSizes, type StoreSize } from './harness/store-size.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    batch: { type: 'string', default: '100' },
    share: { type: 'string', default: '0.8' },
  },
});
const minutes = Number(values.minutes);
const batch = Number(values.batch);
const share = Number(values.share);
const spanSeconds = 10;
/** Autovacuum comes by once a minute: below what goes through `waiting` in two of them nothing is said by how many are dead. */
const fewDeadRows = 100_000;

interface Span extends StoreSize {
  readonly delivered: number;
  readonly waiting: number;
  readonly residentMiB: number;
  readonly p50: number;
  readonly p99: number;
}

/** How the end compares with the beginning: the last third's median over the first third's. */
function drift(spans: readonly Span[], read: (span: Span) => number): number {
  const third = Math.ceil(spans.length / 3);
  return median(spans.slice(-third).map(read)) / median(spans.slice(0, third).map(read));
}

console.log(machine());
const shape = { batch, webhooks: 1, tls: false };
await using sink = await startSink();
await using gateway = await startGatewayProcess();
await using sizes = await openStoreSizes(gateway.dataDir);
const onPostgres = Boolean(process.env.HOOKWIRE_DATABASE_URL);
const accountIds = await createAccounts(gateway, sink.urls);
const posting = { gateway, accountIds, batch, connections: callers(shape) };
const full = await calibrate(posting, sink);
console.log(
  `${shapeName(shape)}: ${minutes} minutes at ${share} of ${count(full)}/s, that is ${count(full * share)}/s\n`,
);
console.log(
  `  time  delivered/s  waiting  resident  file      WAL       p50        p99${onPostgres ? '       dead rows (of waiting)' : ''}`,
);

await sink.reset();
const load = startLoad({ ...posting, connections: 50, bound: null, rate: full * share });
const spans: Span[] = [];
for (let second = spanSeconds; second <= minutes * 60; second += spanSeconds) {
  const measured = await measure(gateway, load, sink, spanSeconds);
  const span: Span = {
    delivered: measured.delivered,
    waiting: Math.max(0, load.accepted - sink.received),
    residentMiB: measured.residentMiB,
    ...(await sizes.look()),
    p50: percentile(measured.latenciesMs, 0.5),
    p99: percentile(measured.latenciesMs, 0.99),
  };
  spans.push(span);
  console.log(
    [
      `${second} s`.padStart(6),
      count(span.delivered).padStart(11),
      count(span.waiting).padStart(8),
      `${span.residentMiB} MiB`.padStart(9),
      `${span.fileMiB.toFixed(0)} MiB`.padStart(9),
      `${span.walMiB.toFixed(1)} MiB`.padStart(9),
      ms(span.p50).padStart(10),
      ms(span.p99).padStart(10),
      ...(onPostgres ? [`${count(span.deadRows)} (${count(span.deadWaiting)})`.padStart(22)] : []),
    ].join(' '),
  );
}
await drain(load, sink);

const settled = spans.slice(60 / spanSeconds);
if (settled.length < 3) {
  console.log('\nToo short for a drift after the first minute: no bar.');
} else {
  const grown = Math.max(...settled.map((span) => span.fileMiB)) - (settled[0]?.fileMiB ?? 0);
  const delivered = settled.slice(1).reduce((sum, span) => sum + span.delivered * spanSeconds, 0);
  console.log(`\nfile: ${((grown * 2 ** 20) / delivered).toFixed(0)} bytes a delivery`);
  console.log('drift: median of the last third over median of the first third, without the first minute');
  const offered = full * share * spanSeconds * (settled.length - 1);
  judge([
    atLeast('delivered over offered', 0.98, delivered / offered, ratio),
    atMost(
      'resident memory, drift',
      1.1,
      drift(settled, (span) => span.residentMiB),
      ratio,
    ),
    atMost(
      'p50, drift',
      1.5,
      drift(settled, (span) => span.p50),
      ratio,
    ),
    atMost(
      'p99, drift',
      1.5,
      drift(settled, (span) => span.p99),
      ratio,
    ),
    onPostgres
      ? atMost(
          'dead rows of what waits, drift',
          1.5,
          drift(settled, (span) => Math.max(span.deadWaiting, fewDeadRows)),
          ratio,
        )
      : atMost(
          'largest WAL',
          64,
          Math.max(...spans.map((span) => span.walMiB)),
          (mib) => `${mib.toFixed(1)} MiB`,
        ),
  ]);
}
