/**
 * What an event costs when one, two or three gateways share a PostgreSQL: CPU of all of them and of the database, and bytes of its
 * log, while each has the same load. They are all there all the time, each kind with a database of its own, and are measured in turns,
 * since the machine's speed changes within a minute. docs/benchmarks.md says how to read it.
 *
 *   npm run bench:cluster-cost -- [--processes 1,2,3] [--turns 7] [--seconds 8] [--rate 2000] [--callers 12] [--batch 100]
 *     [--warm-up 60000] [--shared] [--idle-seconds 2] [--statements] [--profiles DIRECTORY]
 */
import { parseArgs } from 'node:util';
import { atMost, judge } from './harness/bars.ts';
import { type Cost, type Measured, startMeasured } from './harness/cluster/cost.ts';
import { count, median, ratio, spread } from './harness/figures.ts';
import { machine } from './harness/machine.ts';

const { values } = parseArgs({
  options: {
    processes: { type: 'string', default: '1,2,3' },
    turns: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '8' },
    rate: { type: 'string', default: '2000' },
    callers: { type: 'string', default: '12' },
    batch: { type: 'string', default: '100' },
    'warm-up': { type: 'string', default: '60000' },
    shared: { type: 'boolean', default: false },
    'idle-seconds': { type: 'string', default: '2' },
    statements: { type: 'boolean', default: false },
    profiles: { type: 'string' },
  },
});
/** Of one process's CPU for an event. */
const most = 1.1;

const counts = values.processes.split(',').map(Number);
const batch = Number(values.batch);

/** Events a second are each process's own; `--shared`: of all together. */
async function measureOne(processes: number, measured: Measured): Promise<Cost> {
  const rate = Number(values.rate) * (values.shared ? 1 : processes);
  const events = Math.ceil((rate * Number(values.seconds)) / batch) * batch;
  const cost = await measured.measure(events, rate);
  console.log(
    `${processes} ${processes === 1 ? 'process' : 'processes'}: ${count(cost.eventsASecond)} events a second; for an event ${count(cost.gatewayUs)} µs of the gateways, ${count(cost.databaseUs)} µs of PostgreSQL (${count(cost.benchmarkUs)} of the benchmark itself), ${count(cost.walBytes)} bytes of its log, ${cost.transactions.toFixed(2)} transactions; lost ${cost.lost}`,
  );
  console.log(
    `  of that while nothing comes ${count(cost.idle.gatewayUs)} and ${count(cost.idle.databaseUs)} µs; threads: ${[...cost.threads].map(([name, us]) => `${name} ${count(us)}`).join(', ')}`,
  );
  for (const { text, calls, rows, us, planningUs, walBytes } of cost.statements) {
    console.log(
      `  ${us.toFixed(1).padStart(6)} µs + ${planningUs.toFixed(1)} planning, ${calls.toFixed(3)} calls, ${rows.toFixed(2)} rows, ${count(walBytes)} bytes: ${text.slice(0, 110)}`,
    );
  }
  return cost;
}

console.log(machine());
await using all = new AsyncDisposableStack();
const started: Measured[] = [];
for (const processes of counts) {
  started.push(
    all.use(
      await startMeasured(processes, {
        ...{ callers: Number(values.callers), batch, warmUpEvents: Number(values['warm-up']) },
        idleSeconds: Number(values['idle-seconds']),
        statements: values.statements,
        profiles: values.profiles ?? null,
      }),
    ),
  );
}
const turns: Cost[][] = [];
for (let turn = 0; turn < Number(values.turns); turn++) {
  const costs: Cost[] = [];
  // There and back, so that what becomes slower or faster meanwhile meets all alike.
  const order = turn % 2 === 0 ? [...counts.keys()] : [...counts.keys()].reverse();
  for (const place of order)
    costs[place] = await measureOne(counts[place] as number, started[place] as Measured);
  turns.push(costs);
}

judge(
  counts.slice(1).flatMap((processes, i) => {
    /** Over the first count, turn by turn. */
    const over = (of: (cost: Cost) => number): readonly number[] =>
      turns.map((costs) => of(costs[i + 1] as Cost) / of(costs[0] as Cost));
    const tell = (what: string, of: (cost: Cost) => number): void =>
      console.log(
        `${processes} processes, of ${counts[0]}: ${what} ${spread(over(of), ratio)}; in parts of what the benchmark itself took ${spread(
          over((cost) => of(cost) / cost.benchmarkUs),
          ratio,
        )}`,
      );
    tell('gateways', ({ gatewayUs }) => gatewayUs);
    tell('PostgreSQL', ({ databaseUs }) => databaseUs);
    tell('both', ({ gatewayUs, databaseUs }) => gatewayUs + databaseUs);
    return [
      atMost(
        `${processes} processes: CPU of the gateways for an event, of one's`,
        most,
        median(over(({ gatewayUs }) => gatewayUs)),
        ratio,
      ),
      atMost(
        `${processes} processes: lost`,
        0,
        turns.reduce((sum, costs) => sum + (costs[i + 1]?.lost ?? 0), 0),
        count,
      ),
    ];
  }),
);
