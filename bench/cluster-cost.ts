/**
 * What an event costs when one, two or three gateways share a PostgreSQL: CPU of all of them and of the database, and bytes of its
 * log, while each has the same load. docs/benchmarks.md says how to read it.
 *
 *   npm run bench:cluster-cost -- [--processes 1,2,3] [--events 40000] [--rate 2000] [--callers 12] [--batch 100] [--repeat 1]
 *     [--shared] [--idle-seconds 5] [--statements] [--profiles DIRECTORY]
 */
import { parseArgs } from 'node:util';
import { atMost, judge } from './harness/bars.ts';
import { type Cost, measureCost } from './harness/cluster/cost.ts';
import { count, median, ratio } from './harness/figures.ts';
import { machine } from './harness/machine.ts';

const { values } = parseArgs({
  options: {
    processes: { type: 'string', default: '1,2,3' },
    events: { type: 'string', default: '40000' },
    rate: { type: 'string', default: '2000' },
    callers: { type: 'string', default: '12' },
    batch: { type: 'string', default: '100' },
    repeat: { type: 'string', default: '1' },
    shared: { type: 'boolean', default: false },
    'idle-seconds': { type: 'string', default: '5' },
    statements: { type: 'boolean', default: false },
    profiles: { type: 'string' },
  },
});
/** Of one process's CPU for an event. */
const most = 1.1;

const counts = values.processes.split(',').map(Number);
const repeat = Number(values.repeat);

/** Events, and events a second, are each process's own; `--shared`: of all together. */
async function measureOne(processes: number): Promise<Cost> {
  const times = values.shared ? 1 : processes;
  const cost = await measureCost(processes, {
    events: Number(values.events) * times,
    rate: Number(values.rate) * times,
    callers: Number(values.callers),
    batch: Number(values.batch),
    idleSeconds: Number(values['idle-seconds']),
    statements: values.statements,
    profiles: values.profiles ?? null,
  });
  console.log(
    `${processes} ${processes === 1 ? 'process' : 'processes'}: ${count(cost.eventsASecond)} events a second; for an event ${count(cost.gatewayUs)} µs of the gateways, ${count(cost.databaseUs)} µs of PostgreSQL, ${count(cost.walBytes)} bytes of its log, ${cost.transactions.toFixed(2)} transactions; lost ${cost.lost}`,
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
const rounds: Cost[][] = [];
for (let round = 0; round < repeat; round++) {
  const costs: Cost[] = [];
  for (const processes of counts) costs.push(await measureOne(processes));
  rounds.push(costs);
}
/** Of so many processes over the first count of the same round, the median of the rounds. */
function overFirst(place: number, of: (cost: Cost) => number): number {
  return median(
    rounds.map((costs) => {
      const [first, other] = [costs[0], costs[place]];
      return first && other ? of(other) / of(first) : Number.NaN;
    }),
  );
}
judge(
  counts.slice(1).flatMap((processes, i) => {
    const all = overFirst(i + 1, ({ gatewayUs, databaseUs }) => gatewayUs + databaseUs);
    console.log(`${processes} processes with PostgreSQL: ${ratio(all)} of ${counts[0]}`);
    return [
      atMost(
        `${processes} processes: CPU of the gateways for an event, of one's`,
        most,
        overFirst(i + 1, ({ gatewayUs }) => gatewayUs),
        ratio,
      ),
      atMost(
        `${processes} processes: lost`,
        0,
        rounds.reduce((sum, costs) => sum + (costs[i + 1]?.lost ?? 0), 0),
        count,
      ),
    ];
  }),
);
