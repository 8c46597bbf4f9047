import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../../../src/stores/postgres/testing/server.ts';
import { pause, type Usage } from '../processes.ts';
import { endedSeconds, treeUsage } from '../tree-usage.ts';
import { type CallsOptions, startCalls } from './callers.ts';
import { createPlaces, startCluster } from './cluster.ts';
import { startEndpoints } from './endpoints.ts';
import { plainKinds } from './kinds.ts';
import { untilArrived } from './ledger.ts';

/** What a load costs that is taken by so many processes. */
export interface Cost {
  /** Of all gateways together, and of the database, for an accepted and delivered event, µs. */
  readonly gatewayUs: number;
  readonly databaseUs: number;
  /**
   * Of the benchmark's own process, which hands in, takes and answers each event in the same way however many gateways there are. What
   * the machine does to it by being fast or slow, full or idle, it does to them.
   */
  readonly benchmarkUs: number;
  /** Of the write-ahead log, bytes for an event. */
  readonly walBytes: number;
  /** Transactions of the database that were committed, for an event. */
  readonly transactions: number;
  /** Of `gatewayUs` and `databaseUs`, what all of them take while nothing comes. */
  readonly idle: { readonly gatewayUs: number; readonly databaseUs: number };
  /** Of `gatewayUs`, by the threads' names. */
  readonly threads: ReadonlyMap<string, number>;
  /** What was asked of the database, the dearest first, where that was to be watched. */
  readonly statements: readonly Statement[];
  readonly eventsASecond: number;
  readonly lost: number;
}

/** Asked of the database; for an event. */
export interface Statement {
  readonly text: string;
  readonly calls: number;
  readonly rows: number;
  /** By the clock, planning apart. */
  readonly us: number;
  readonly planningUs: number;
  readonly walBytes: number;
}

export interface CostOptions extends Pick<CallsOptions, 'callers' | 'batch'> {
  /** What each process takes before anything is measured. */
  readonly warmUpEvents: number;
  /** How long nothing comes, to see what that costs, s. */
  readonly idleSeconds: number;
  /** Whether the database watches what it is asked, which costs it something. */
  readonly statements: boolean;
  /** Where each thread's profile goes. */
  readonly profiles: string | null;
}

/** So many processes on a database of their own, of which the cost can be measured again and again. */
export interface Measured extends AsyncDisposable {
  /** @param events to hand in, at `rate` a second */
  measure(events: number, rate: number): Promise<Cost>;
}

/** So many webhooks are shared out among them. */
const webhooks = 30;

/**
 * Starts so many processes and a database, and hands them `warmUpEvents` each at any rate: what has not run often is compiled still, in each
 * of them anew, for some ten thousands.
 */
export async function startMeasured(processes: number, options: CostOptions): Promise<Measured> {
  const { idleSeconds, statements, profiles, warmUpEvents, ...load } = options;
  await using stack = new AsyncDisposableStack();
  const server = await startPostgres({
    durable: true,
    settings: {
      ...{ shared_buffers: '256MB', max_wal_size: '4GB', wal_compression: 'on' },
      ...(statements && watched),
    },
  });
  stack.defer(() => server.remove());
  const endpoints = stack.use(await startEndpoints(plainKinds(webhooks), processes));
  const databaseUrl = server.url('postgres');
  const cluster = stack.use(
    await startCluster({
      ...{ count: processes, endpoints },
      databaseUrlOf: () => databaseUrl,
      ...(profiles && { env: { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profiles}/${processes}` } }),
    }),
  );
  const client = new pg.Client(databaseUrl);
  await client.connect();
  stack.defer(() => client.end());
  const places = await createPlaces(cluster, endpoints);
  for (let process = 1; process < processes; process++) await cluster.start(process);
  if (statements) await client.query('create extension pg_stat_statements');
  const warm = startCalls(cluster, {
    ...{ ...load, places, events: warmUpEvents * processes, rate: null, run: 'warm' },
  });
  await warm.ended;
  await untilArrived(warm, endpoints);
  const postmaster = Number(
    readFileSync(join(server.directory, 'data', 'postmaster.pid'), 'utf8').split('\n')[0],
  );
  const used = async () => ({
    gateways: await Promise.all(cluster.processes.map(async (process) => await process?.usage())),
    // Connections that nobody uses are closed, and their processes end.
    database: (await treeUsage(postmaster)).cpuSeconds + (await endedSeconds(postmaster)),
    benchmark: ownCpuSeconds(),
    wal: await lsn(client),
    transactions: await committed(client),
    at: performance.now(),
  });
  type Used = Awaited<ReturnType<typeof used>>;
  let runs = 0;
  const kept = stack.move();
  return {
    async measure(events, rate) {
      const idleFrom = await used();
      await pause(idleSeconds * 1000);
      const before = await used();
      if (statements) await client.query('select pg_stat_statements_reset()');
      const calls = startCalls(cluster, { ...load, places, events, rate, run: `cost${runs++}` });
      await calls.ended;
      await untilArrived(calls, endpoints);
      const after = await used();
      const asked = statements ? await mostAsked(client) : [];
      const anEvent = (total: number): number => total / calls.accepted;
      const cpuOf = ({ gateways }: Used): number =>
        gateways.reduce((sum, usage) => sum + (usage?.cpuSeconds ?? 0), 0);
      const seconds = (after.at - before.at) / 1000;
      const idle = (of: (used: Used) => number): number =>
        anEvent((of(before) - of(idleFrom)) * 1e6 * (seconds / ((before.at - idleFrom.at) / 1000)));
      return {
        gatewayUs: anEvent((cpuOf(after) - cpuOf(before)) * 1e6),
        databaseUs: anEvent((after.database - before.database) * 1e6),
        benchmarkUs: anEvent((after.benchmark - before.benchmark) * 1e6),
        walBytes: anEvent(after.wal - before.wal),
        transactions: anEvent(after.transactions - before.transactions),
        idle: { gatewayUs: idle(cpuOf), databaseUs: idle(({ database }) => database) },
        threads: threadsOf(before.gateways, after.gateways, anEvent),
        statements: asked.map(({ text, ...each }) => ({
          text,
          calls: anEvent(each.calls),
          rows: anEvent(each.rows),
          us: anEvent(each.us),
          planningUs: anEvent(each.planningUs),
          walBytes: anEvent(each.walBytes),
        })),
        eventsASecond: calls.accepted / seconds,
        lost: [...calls.expected.keys()].filter((name) => !endpoints.arrivals.has(name)).length,
      };
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function ownCpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

const watched = {
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.track_planning': 'on',
};

async function mostAsked(client: pg.Client): Promise<Statement[]> {
  const { rows } = await client.query<Statement>(
    `select regexp_replace(left(query, 2000), '\\s+', ' ', 'g') as text, calls::float8, rows::float8, total_exec_time * 1000 as us,
       total_plan_time * 1000 as "planningUs", wal_bytes::float8 as "walBytes"
     from pg_stat_statements order by total_exec_time + total_plan_time desc limit 25`,
  );
  return rows;
}

/** What each thread took between the two, of all processes together, the dearest first. */
function threadsOf(
  before: readonly (Usage | undefined)[],
  after: readonly (Usage | undefined)[],
  anEvent: (total: number) => number,
): ReadonlyMap<string, number> {
  const names = new Set(after.flatMap((usage) => Object.keys(usage?.threads ?? {})));
  const sum = (usages: readonly (Usage | undefined)[], name: string): number =>
    usages.reduce((all, usage) => all + (usage?.threads[name] ?? 0), 0);
  const costs = [...names].map(
    (name) => [name, anEvent((sum(after, name) - sum(before, name)) * 1e6)] as const,
  );
  return new Map(costs.filter(([, cost]) => cost >= 1).toSorted((a, b) => b[1] - a[1]));
}

async function committed(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    'select sum(xact_commit) as count from pg_stat_database',
  );
  return Number(rows[0]?.count);
}

async function lsn(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ at: string }>(
    `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as at`,
  );
  return Number(rows[0]?.at);
}
