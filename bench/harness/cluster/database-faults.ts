import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { PostgresServer } from '../../../src/stores/postgres/testing/server.ts';
import { pause } from '../processes.ts';
import { type Calls, startCalls } from './callers.ts';
import type { ClusterBench, Load } from './cut-off.ts';
import { beforeLoad, notRecorded, type Outcome, outcomeOf, until, untilArrived } from './ledger.ts';

/** What a fault of the database did to a load. */
export interface DatabaseFault extends Outcome {
  readonly calls: Calls;
}

/** What is done to the database in the middle of a load. */
export type Fault = (server: PostgresServer) => Promise<void>;

/** Stopped as an operator does, away for a while, started. */
export const stopped: Fault = async (server) => {
  await server.stop('fast');
  await pause(5_000);
  await server.start();
};

/** As a crash. */
export const crashed: Fault = async (server) => {
  await server.stop('immediate');
  await server.start();
};

/** Away for longer than the leases last. */
export const awayLong: Fault = async (server) => {
  await server.stop('immediate');
  await pause(14_000);
  await server.start();
};

const cuts = 200;
const betweenCutsMs = 25;

/** Connections are cut one by one, also those that listen. */
export const cutOneByOne: Fault = async (server) => {
  const client = new pg.Client(server.url('postgres'));
  await client.connect();
  for (let cut = 0; cut < cuts; cut++) {
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name like 'hookwire%' and pid <> pg_backend_pid() order by random() limit 1`,
    );
    await pause(betweenCutsMs);
  }
  await client.end();
};

const fullForMs = 5_000;

/** Its disk is full for a while. @param directory a file system of the database's own, which is small */
export const diskFull =
  (directory: string): Fault =>
  async (server) => {
    const file = join(directory, 'filler');
    fill(file);
    await pause(fullForMs);
    rmSync(file);
    // Where it could not write its log it has ended; one that has not is left as it is.
    await server.start();
  };

function fill(file: string): void {
  const piece = Buffer.alloc(1024 * 1024);
  const descriptor = openSync(file, 'w');
  try {
    for (let size = piece.length; size >= 512; ) {
      try {
        writeSync(descriptor, piece, 0, size);
      } catch (error) {
        if ((error as { code?: string }).code !== 'ENOSPC') throw error;
        size /= 2;
      }
    }
  } finally {
    closeSync(descriptor);
  }
}

/** A small file system in memory, or `null` where this user may not mount one. */
export function mountSmall(directory: string, mebibytes: number): { unmount(): void } | null {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', directory], {
      stdio: 'ignore',
    });
  } catch {
    return null;
  }
  return { unmount: () => void execFileSync('umount', ['-l', directory]) };
}

export async function databaseFault(
  bench: ClusterBench,
  load: Load,
  server: PostgresServer,
  fault: Fault,
): Promise<DatabaseFault> {
  const { cluster, endpoints, places, databaseUrl } = bench;
  const before = beforeLoad(endpoints);
  const calls = startCalls(cluster, { ...load, places });
  await until(() => calls.accepted >= load.events / 4, 'the moment of the fault');
  await fault(server);
  // Shards may have moved where the database was away for longer than a lease: what was sent and not recorded comes again.
  const inFlight = new Set<string>();
  for (const process of cluster.urls.keys()) {
    for (const name of await notRecorded(databaseUrl, endpoints, process)) inFlight.add(name);
  }
  await calls.ended;
  await untilArrived(calls, endpoints);
  return { ...outcomeOf(calls, endpoints, before, inFlight), calls };
}
