/**
 * What an event costs when one, two or three gateways share a PostgreSQL: CPU of all of them and of the database, and bytes of its
 * log, under the same load. docs/benchmarks.md says how to read it.
 *
 *   npm run bench:cluster-cost -- [--processes 1,2,3] [--events 40000] [--rate 1000] [--callers 6] [--batch 100]
 *     [--idle-seconds 5] [--statements] [--profiles DIRECTORY]
 */
import { parseArgs } from 'node:util';
import { atMost, judge } from './harness/bars.ts';
import { type Cost, measureCost } from './harness/cluster/cost.ts';
import { count, ratio } from './harness/figures.ts';
import { machine } from './harness/machine.ts';

const { values } = parseArgs({
  options: {
    processes: { type: 'string', default: '1,2,3' },
    events: { type: 'string', default: '40000' },
    rate: { type: 'string', default: '1000' },
    callers: { type: 'string', default: '6' },
    batch: { type: 'string', default: '100' },
    'idle-seconds': { type: 'string', default: '5' },
    statements: { type: 'boolean', default: false },
    profiles: { type: 'string' },
  },
});
/** Of one process's CPU for an event. */
const most = 1.1;

console.log(machine());
const costs: Cost[] = [];
for (const processes of values.processes.split(',').map(Number)) {
  const cost = await measureCost(processes, {
    events: Number(values.events),
    rate: Number(values.rate),
    callers: Number(values.callers),
    batch: Number(values.batch),
    idleSeconds: Number(values['idle-seconds']),
    statements: values.statements,
    profiles: values.profiles ?? null,
  });
  costs.push(cost);
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
}
const [one, ...more] = costs;
judge(
  more.flatMap(({ processes, gatewayUs, lost }) => [
    atMost(
      `${processes} processes: CPU of the gateways for an event, of one's`,
      most,
      gatewayUs / (one?.gatewayUs ?? 1),
      ratio,
    ),
    atMost(`${processes} processes: lost`, 0, lost, count),
  ]),
);
