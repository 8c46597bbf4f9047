import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../../../src/stores/postgres/testing/server.ts';
import { treeUsage } from '../tree-usage.ts';
import { type CallsOptions, startCalls } from './callers.ts';
import { type Cluster, createPlaces, startCluster } from './cluster.ts';
import { startEndpoints } from './endpoints.ts';
import { plainKinds } from './kinds.ts';
import { untilArrived } from './ledger.ts';

/** What a load costs that is taken by so many processes. */
export interface Cost {
  readonly processes: number;
  /** Of all gateways together, and of the database, for an accepted and delivered event, µs. */
  readonly gatewayUs: number;
  readonly databaseUs: number;
  /** Of the write-ahead log, bytes for an event. */
  readonly walBytes: number;
  readonly eventsASecond: number;
  readonly lost: number;
}

/** So many webhooks are shared out among them. */
const webhooks = 30;
/** Of the load, so much is taken before it is measured. */
const warmUp = 0.2;

/** Hands the same load to so many processes on a database of their own, and measures what it costs. */
export async function measureCost(
  processes: number,
  load: Pick<CallsOptions, 'events' | 'callers' | 'batch' | 'rate'>,
): Promise<Cost> {
  const server = await startPostgres({
    durable: true,
    settings: { shared_buffers: '256MB', max_wal_size: '4GB', wal_compression: 'on' },
  });
  const endpoints = await startEndpoints(plainKinds(webhooks), processes);
  const databaseUrl = server.url('postgres');
  const cluster = await startCluster({ count: processes, endpoints, databaseUrlOf: () => databaseUrl });
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    const places = await createPlaces(cluster, endpoints);
    for (let process = 1; process < processes; process++) await cluster.start(process);
    const warm = startCalls(cluster, { ...load, places, events: load.events * warmUp, run: 'warm' });
    await warm.ended;
    await untilArrived(warm, endpoints);
    const postmaster = Number(
      readFileSync(join(server.directory, 'data', 'postmaster.pid'), 'utf8').split('\n')[0],
    );
    const used = async () => ({
      gateway: await cpuOf(cluster),
      database: (await treeUsage(postmaster)).cpuSeconds,
      wal: await lsn(client),
    });
    const before = await used();
    const startedAt = performance.now();
    const calls = startCalls(cluster, { ...load, places, run: 'cost' });
    await calls.ended;
    await untilArrived(calls, endpoints);
    const seconds = (performance.now() - startedAt) / 1000;
    const after = await used();
    const anEvent = (total: number): number => total / calls.accepted;
    return {
      processes,
      gatewayUs: anEvent((after.gateway - before.gateway) * 1e6),
      databaseUs: anEvent((after.database - before.database) * 1e6),
      walBytes: anEvent(after.wal - before.wal),
      eventsASecond: calls.accepted / seconds,
      lost: [...calls.expected.keys()].filter((name) => !endpoints.arrivals.has(name)).length,
    };
  } finally {
    await client.end();
    await cluster[Symbol.asyncDispose]();
    await endpoints[Symbol.asyncDispose]();
    await server.remove();
  }
}

async function cpuOf({ processes }: Cluster): Promise<number> {
  let seconds = 0;
  for (const process of processes) seconds += (await process?.usage())?.cpuSeconds ?? 0;
  return seconds;
}

async function lsn(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ at: string }>(
    `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as at`,
  );
  return Number(rows[0]?.at);
}
