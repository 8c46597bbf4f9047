/**
 * What an event costs of CPU, log and disk, in both stores, and what so many a second need: a model, which two and three gateways on
 * one PostgreSQL are compared with. docs/benchmarks.md says how to read it.
 *
 *   npm run bench:capacity -- [--rate 1500] [--seconds 15] [--repeat 1] [--webhooks 20] [--batch 100] [--days 30] [--processes 2,3]
 */
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { atMost, type Bar, judge } from './harness/bars.ts';
import { type EventCosts, needOf } from './harness/capacity-model.ts';
import { measureOnPostgres, measureOnSqlite, type Posted } from './harness/capacity-runs.ts';
import { count, median, ratio } from './harness/figures.ts';
import { machine } from './harness/machine.ts';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '1500' },
    seconds: { type: 'string', default: '15' },
    repeat: { type: 'string', default: '1' },
    webhooks: { type: 'string', default: '20' },
    batch: { type: 'string', default: '100' },
    days: { type: 'string', default: '30' },
    processes: { type: 'string', default: '2,3' },
  },
});
const posted: Posted = {
  rate: Number(values.rate),
  seconds: Number(values.seconds),
  webhooks: Number(values.webhooks),
  batch: Number(values.batch),
};
const repeat = Number(values.repeat);
/** Sequence numbers are shared out among so many. */
const mostGateways = 32;
const assumptions = { busyAtMost: 0.6, days: Number(values.days) };
const several = values.processes
  .split(',')
  .filter((text) => text !== '')
  .map(Number);

function tell(name: string, costs: EventCosts): void {
  const { gatewayUs, mainUs, writerUs, courierUs, databaseUs, logBytes, diskBytes } = costs;
  const writes = writerUs > 0 ? `, writes ${writerUs.toFixed(0)}` : '';
  console.log(
    `  ${name.padEnd(24)} gateway ${gatewayUs.toFixed(0)} µs (takes events ${mainUs.toFixed(0)}${writes}, couriers ${courierUs.toFixed(0)}), ` +
      `database ${databaseUs.toFixed(0)} µs; log ${count(logBytes)} B, disk ${count(diskBytes)} B; load average ${loadavg()[0]?.toFixed(1)}`,
  );
}

function medianOf(all: readonly EventCosts[]): EventCosts {
  const of = (read: (costs: EventCosts) => number): number => median(all.map(read));
  return {
    mainUs: of((costs) => costs.mainUs),
    writerUs: of((costs) => costs.writerUs),
    courierUs: of((costs) => costs.courierUs),
    gatewayUs: of((costs) => costs.gatewayUs),
    databaseUs: of((costs) => costs.databaseUs),
    logBytes: of((costs) => costs.logBytes),
    diskBytes: of((costs) => costs.diskBytes),
  };
}

/** @param most gateways that can share the store */
function tellModel(name: string, costs: EventCosts, most: number): void {
  console.log(
    `\n${name}: threads and servers at most ${assumptions.busyAtMost} busy, everything kept for ${assumptions.days} days`,
  );
  console.log('  events/s  gateways  couriers  gateway cores  database cores  log MB/s  GB a day  TB kept');
  for (const rate of [1_000, 10_000, 100_000]) {
    const need = needOf(costs, rate, assumptions);
    if (need.gateways > most) {
      console.log(`${count(rate).padStart(10)}  more than ${most} can do`);
      continue;
    }
    console.log(
      [
        count(rate).padStart(10),
        String(need.gateways).padStart(9),
        String(need.couriers).padStart(9),
        need.gatewayCores.toFixed(1).padStart(14),
        need.databaseCores.toFixed(1).padStart(15),
        need.logMegabytesPerSecond.toFixed(1).padStart(9),
        count(need.gigabytesADay).padStart(9),
        need.terabytesKept.toFixed(1).padStart(8),
      ].join(' '),
    );
  }
}

console.log(machine());
console.log(
  `${count(posted.rate)} events a second in batches of ${posted.batch}, ${readFileSync('/proc/cpuinfo', 'utf8').match(/^processor/gm)?.length} cores for all processes, ${posted.webhooks} webhooks; ${repeat} rounds of ${posted.seconds} s, in turns\n`,
);
const onSqlite: EventCosts[] = [];
const onPostgres = new Map<number, EventCosts[]>([1, ...several].map((processes) => [processes, []]));
for (let round = 1; round <= repeat; round++) {
  const sqlite = await measureOnSqlite(posted);
  tell('embedded database', sqlite);
  onSqlite.push(sqlite);
  for (const [processes, all] of onPostgres) {
    const costs = await measureOnPostgres(posted, processes);
    tell(`PostgreSQL, ${processes} gateway${processes === 1 ? '' : 's'}`, costs);
    all.push(costs);
  }
}
tellModel('Embedded database', medianOf(onSqlite), 1);
const one = medianOf(onPostgres.get(1) ?? []);
tellModel('PostgreSQL', one, mostGateways);
console.log('');
const cpu = (costs: EventCosts): number => costs.gatewayUs + costs.databaseUs;
judge(
  several.map(
    (processes): Bar =>
      atMost(
        `CPU an event, ${processes} gateways over one`,
        1.1,
        cpu(medianOf(onPostgres.get(processes) ?? [])) / cpu(one),
        ratio,
      ),
  ),
);
