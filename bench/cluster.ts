/**
 * Several gateways at work on one PostgreSQL, each a process, while one of them is killed, frozen or cut off, the database is away,
 * or all are restarted in turn. docs/benchmarks.md says how to read it.
 *
 *   npm run bench:cluster -- [--what kill,freeze,partition,database,rolling] [--rounds 10] [--events 50000] [--rate 2000]
 */
import { parseArgs } from 'node:util';
import { startProxy } from '../src/stores/postgres/testing/proxy.ts';
import { startPostgres } from '../src/stores/postgres/testing/server.ts';
import { atMost, type Bar, judge } from './harness/bars.ts';
import { removeDirectory, temporaryDirectory } from './harness/children.ts';
import type { Calls } from './harness/cluster/callers.ts';
import { createPlaces, startCluster } from './harness/cluster/cluster.ts';
import {
  type ClusterBench,
  type CutOff,
  freezeOne,
  killOne,
  partitionOne,
} from './harness/cluster/cut-off.ts';
import {
  awayLong,
  crashed,
  cutOneByOne,
  databaseFault,
  diskFull,
  mountSmall,
  stopped,
} from './harness/cluster/database-faults.ts';
import { startEndpoints } from './harness/cluster/endpoints.ts';
import { allKinds } from './harness/cluster/kinds.ts';
import type { Outcome } from './harness/cluster/ledger.ts';
import { restartAll } from './harness/cluster/rolling.ts';
import { count, ms } from './harness/figures.ts';
import { machine } from './harness/machine.ts';

const { values } = parseArgs({
  options: {
    what: { type: 'string', default: 'kill,freeze,partition,database,rolling' },
    processes: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '10' },
    events: { type: 'string', default: '50000' },
    rate: { type: 'string', default: '2000' },
    callers: { type: 'string', default: '6' },
  },
});
const what = new Set(values.what.split(','));
const processes = Number(values.processes);
const bars: Bar[] = [];
let loads = 0;

/** Small enough that it can be filled, with room for the server's programs and its log. */
const diskMebibytes = 900;
const servedWithinMs = 15_000;
const leaseMs = 10_000;

console.log(machine());
const directory = temporaryDirectory('disk');
const disk = what.has('database') ? mountSmall(directory, diskMebibytes) : null;
if (disk) process.env.TMPDIR = directory;
const server = await startPostgres({ durable: true, settings: { max_wal_size: '256MB' } });
const proxy = await startProxy(server.port);
const endpoints = await startEndpoints(allKinds(), processes);
const last = processes - 1;
const cluster = await startCluster({
  count: processes,
  endpoints,
  databaseUrlOf: (process) =>
    process === last && what.has('partition') ? proxy.url(server.url('postgres')) : server.url('postgres'),
});
try {
  const places = await createPlaces(cluster, endpoints);
  for (let process = 1; process < processes; process++) await cluster.start(process);
  const bench = { cluster, endpoints, places, databaseUrl: server.url('postgres') };
  if (what.has('kill')) await kills(bench);
  if (what.has('freeze')) await awayFor('frozen', bench, () => freezeOne(bench, load(), last));
  if (what.has('partition'))
    await awayFor('partition', bench, () => partitionOne(bench, load(), last, proxy));
  if (what.has('database')) await databaseFaults(bench);
  if (what.has('rolling')) await rolling(bench);
} finally {
  await cluster[Symbol.asyncDispose]();
  await endpoints[Symbol.asyncDispose]();
  await proxy.close();
  await server.remove();
  disk?.unmount();
  removeDirectory(directory);
}
judge(bars);

function load() {
  return {
    events: Number(values.events),
    callers: Number(values.callers),
    rate: Number(values.rate),
    ...{ batch: 100, run: `run${loads++}` },
  };
}

async function kills(bench: ClusterBench): Promise<void> {
  const rounds: CutOff[] = [];
  for (let number = 1; number <= Number(values.rounds); number++) {
    const victim = Math.floor(Math.random() * processes);
    const round = await killOne(bench, load(), victim);
    rounds.push(round);
    console.log(
      `kill ${number}, of process ${victim}: ${written(round)}; its ${round.endpoints} endpoints served again after ${ms(round.servedAfterMs)}`,
    );
    console.log(`  ${writtenCalls(round.calls)}`);
    writeWarnings();
  }
  bars.push(
    ...barsOf('kills', rounds),
    atMost(
      'kills: served again, ms',
      servedWithinMs,
      Math.max(...rounds.map((round) => round.servedAfterMs)),
      ms,
    ),
  );
}

async function awayFor(
  name: string,
  _bench: ClusterBench,
  run: () => ReturnType<typeof freezeOne>,
): Promise<void> {
  const round = await run();
  console.log(
    `${name}: ${written(round)}; its ${round.endpoints} endpoints served by others after ${ms(round.servedAfterMs)}, its own last request after ${ms(round.lastRequestAfterMs)}, at work again ${ms(round.backAfterMs)} after it was back`,
  );
  console.log(`  ${writtenCalls(round.calls)}`);
  writeWarnings();
  bars.push(
    ...barsOf(name, [round]),
    atMost(`${name}: served again, ms`, servedWithinMs, round.servedAfterMs, ms),
    atMost(`${name}: its last request, ms`, leaseMs, round.lastRequestAfterMs, ms),
    atMost(`${name}: requests beside another owner's`, 0, round.besides, count),
  );
}

async function databaseFaults(bench: ClusterBench): Promise<void> {
  const faults = {
    'database stopped for 5 s': stopped,
    'database crashed': crashed,
    'database away for 14 s': awayLong,
    'connections cut one by one': cutOneByOne,
    ...(disk && { 'disk full for 5 s': diskFull(directory) }),
  };
  if (!disk) console.log('disk full: not tried, since this user may not mount a file system');
  for (const [name, fault] of Object.entries(faults)) {
    const outcome = await databaseFault(bench, load(), server, fault);
    console.log(`${name}: ${written(outcome)}\n  ${writtenCalls(outcome.calls)}`);
    writeWarnings();
    bars.push(...barsOf(name, [outcome]));
    bars.push(atMost(`${name}: 503 without Retry-After`, 0, outcome.calls.withoutRetryAfter, count));
  }
}

async function rolling(bench: ClusterBench): Promise<void> {
  const outcome = await restartAll(bench, load());
  const { median, p99, worst } = outcome.latencyMs;
  console.log(
    `rolling restart: ${written(outcome)}; exit codes ${outcome.exitCodes}; from acknowledgement to arrival median ${ms(median)}, p99 ${ms(p99)}, worst ${ms(worst)}; nothing came to ${new URL(outcome.longestGap.url).pathname} for ${ms(outcome.longestGap.ms)}; slowest call ${ms(outcome.slowestCallMs)}`,
  );
  console.log(`  ${writtenCalls(outcome.calls)}`);
  writeWarnings();
  bars.push(
    ...barsOf('rolling restart', [outcome]),
    atMost('rolling restart: calls refused', 0, outcome.calls.refused, count),
    atMost('rolling restart: calls without an answer', 0, outcome.calls.unanswered, count),
  );
}

function written(outcome: Outcome): string {
  const { accepted, lost, duplicates, inFlight, unexplained, examples, disorder, crowded } = outcome;
  return `accepted ${count(accepted)}, lost ${lost}, duplicates ${duplicates} (in flight ${inFlight}, of others ${unexplained}), out of order ${disorder}, too many at once ${crowded}${examples.map((each) => `\n  ${each}`).join('')}`;
}

function writtenCalls(calls: Calls): string {
  const { refused, withoutRetryAfter, turnedAway, unanswered, odd, reasons } = calls;
  const told = [...reasons].map(([reason, times]) => `${times} × ${reason}`).join(', ');
  return `calls: ${refused} answered 503 (${withoutRetryAfter} without Retry-After), ${turnedAway} not let in, ${unanswered} without an answer, ${odd.length} of other kinds ${odd.slice(0, 2).join(' | ')}${told && `; ${told}`}`;
}

/** What the gateways warned of, most often first. */
function writeWarnings(): void {
  for (const [message, times] of [...cluster.warnings()].toSorted(([, a], [, b]) => b - a)) {
    console.log(`  ${times} × ${message}`);
  }
}

function barsOf(name: string, outcomes: readonly (Outcome & { readonly calls: Calls })[]): Bar[] {
  const sum = (read: (outcome: Outcome) => number): number =>
    outcomes.reduce((all, outcome) => all + read(outcome), 0);
  return [
    atMost(
      `${name}: lost`,
      0,
      sum(({ lost }) => lost),
      count,
    ),
    atMost(
      `${name}: twice, and not in flight`,
      0,
      sum(({ unexplained }) => unexplained),
      count,
    ),
    atMost(
      `${name}: out of order`,
      0,
      sum(({ disorder }) => disorder),
      count,
    ),
    atMost(
      `${name}: more at once than a webhook may have`,
      0,
      sum(({ crowded }) => crowded),
      count,
    ),
    atMost(
      `${name}: odd answers`,
      0,
      outcomes.reduce((all, { calls }) => all + calls.odd.length, 0),
      count,
    ),
  ];
}
