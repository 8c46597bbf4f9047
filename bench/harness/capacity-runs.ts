import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../../src/stores/postgres/testing/server.ts';
import type { EventCosts } from './capacity-model.ts';
import { type Load, startLoad } from './load.ts';
import { patienceMs } from './patience.ts';
import { type GatewayProcess, pause, startGatewayProcess } from './processes.ts';
import { createAccounts } from './setup.ts';
import { type Sink, startSink } from './sink-process.ts';
import { endedSeconds, treeUsage } from './tree-usage.ts';

/** How events come. */
export interface Posted {
  /** A second, over all gateways. */
  readonly rate: number;
  readonly seconds: number;
  readonly webhooks: number;
  readonly batch: number;
}

/** What a store has used so far. */
interface StoreUsage {
  readonly cpuSeconds: number;
  readonly logBytes: number;
}

interface MeasuredStore {
  usage(): Promise<StoreUsage>;
  /** Of everything that is kept. */
  diskBytes(): Promise<number>;
}

/** V8 compiles, lanes begin to learn, and shards are shared out. */
const warmUpSeconds = 8;
const masterKey = 'a passphrase that all of them have';

/** What an event costs with the data in the gateway's directory; its log is what it wrote to the disk, checkpoints included. */
export async function measureOnSqlite(posted: Posted): Promise<EventCosts> {
  await using sink = await startSink({ webhooks: posted.webhooks });
  await using gateway = await startGatewayProcess();
  const store: MeasuredStore = {
    usage: async () => ({ cpuSeconds: 0, logBytes: writtenBytes(gateway.child.pid ?? 0) }),
    diskBytes: async () =>
      ['hookwire.db', 'hookwire.db-wal'].reduce((sum, file) => sum + sizeOf(join(gateway.dataDir, file)), 0),
  };
  return await measureCosts(posted, [gateway], sink, store);
}

/** The same with so many gateways on a PostgreSQL of its own. */
export async function measureOnPostgres(posted: Posted, processes: number): Promise<EventCosts> {
  const server = await startPostgres({
    durable: true,
    settings: { shared_buffers: '1GB', max_wal_size: '4GB', wal_compression: 'on' },
  });
  const client = new pg.Client(server.url('postgres'));
  try {
    await client.connect();
    await using sink = await startSink({ webhooks: posted.webhooks });
    await using gateways = new AsyncDisposableStack();
    const all: GatewayProcess[] = [];
    for (let i = 0; i < processes; i++) {
      all.push(
        gateways.use(
          await startGatewayProcess({
            HOOKWIRE_DATABASE_URL: server.url('postgres'),
            HOOKWIRE_MASTER_KEY: masterKey,
          }),
        ),
      );
    }
    const ask = async (sql: string): Promise<number> =>
      Number((await client.query<{ n: string }>(`select (${sql})::text as n`)).rows[0]?.n);
    return await measureCosts(posted, all, sink, {
      usage: async () => ({
        cpuSeconds: (await treeUsage(server.pid)).cpuSeconds + (await endedSeconds(server.pid)),
        logBytes: await ask("pg_current_wal_lsn() - '0/0'"),
      }),
      diskBytes: () => ask('pg_database_size(current_database())'),
    });
  } finally {
    await client.end();
    await server.remove();
  }
}

async function measureCosts(
  { rate, seconds, webhooks, batch }: Posted,
  gateways: readonly GatewayProcess[],
  sink: Sink,
  store: MeasuredStore,
): Promise<EventCosts> {
  const [first] = gateways as [GatewayProcess];
  const accountIds = await createAccounts(first, sink.urls.slice(0, webhooks));
  // Every process knows of the last webhook by then.
  await pause(1_500);
  await sink.reset();
  const loads = gateways.map((gateway) =>
    startLoad({ gateway, accountIds, batch, connections: 8, bound: null, rate: rate / gateways.length }),
  );
  await pause(warmUpSeconds * 1_000);
  const before = await look(gateways, loads, store);
  await pause(seconds * 1_000);
  const after = await look(gateways, loads, store);
  for (const load of loads) await load.stop();
  await untilArrived(sink, loads);
  const events = after.accepted - before.accepted;
  const us = (read: (seen: Seen) => number): number => ((read(after) - read(before)) / events) * 1e6;
  return {
    mainUs: us((seen) => seen.main),
    writerUs: us((seen) => seen.writer),
    courierUs: us((seen) => seen.couriers),
    gatewayUs: us((seen) => seen.cpuSeconds),
    databaseUs: us((seen) => seen.store.cpuSeconds),
    logBytes: (after.store.logBytes - before.store.logBytes) / events,
    diskBytes: (after.diskBytes - before.diskBytes) / events,
  };
}

/** Until a moment. */
interface Seen {
  readonly accepted: number;
  /** Of all gateways, CPU seconds. */
  readonly cpuSeconds: number;
  readonly main: number;
  readonly writer: number;
  readonly couriers: number;
  readonly store: StoreUsage;
  readonly diskBytes: number;
}

async function look(
  gateways: readonly GatewayProcess[],
  loads: readonly Load[],
  store: MeasuredStore,
): Promise<Seen> {
  const usages = await Promise.all(gateways.map((gateway) => gateway.usage()));
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  return {
    accepted: sum(loads.map((load) => load.accepted)),
    cpuSeconds: sum(usages.map((usage) => usage.cpuSeconds)),
    main: sum(usages.map((usage) => usage.threads['node-MainThread'] ?? 0)),
    writer: sum(usages.map((usage) => usage.threads.writer ?? 0)),
    couriers: sum(usages.map((usage) => usage.threads.courier ?? 0)),
    store: await store.usage(),
    diskBytes: await store.diskBytes(),
  };
}

async function untilArrived(sink: Sink, loads: readonly Load[]): Promise<void> {
  const accepted = loads.reduce((all, load) => all + load.accepted, 0);
  const deadline = Date.now() + patienceMs;
  while (sink.received < accepted && Date.now() < deadline) await pause(50);
  if (sink.received < accepted) {
    throw new Error(`${accepted} events were accepted, ${sink.received} arrived.`);
  }
}

function writtenBytes(pid: number): number {
  return Number(/^write_bytes: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1] ?? 0);
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
