/**
 * What an event costs when one, two or three gateways share a PostgreSQL: CPU of all of them and of the database, and bytes of its
 * log, under the same load. docs/benchmarks.md says how to read it.
 *
 *   npm run bench:cluster-cost -- [--processes 1,2,3] [--events 40000] [--rate 1000] [--callers 6] [--batch 100]
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
  });
  costs.push(cost);
  console.log(
    `${processes} ${processes === 1 ? 'process' : 'processes'}: ${count(cost.eventsASecond)} events a second; for an event ${count(cost.gatewayUs)} µs of the gateways, ${count(cost.databaseUs)} µs of PostgreSQL, ${count(cost.walBytes)} bytes of its log; lost ${cost.lost}`,
  );
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
