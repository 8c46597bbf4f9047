import { statSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

/** What a gateway's store has on the disk. */
export interface StoreSize {
  readonly fileMiB: number;
  /** Of the write-ahead log: with SQLite what lies there, on PostgreSQL what was written since this was first asked. */
  readonly walMiB: number;
  /** Rows that are dead and not cleaned up yet, and those of `waiting` among them; on PostgreSQL alone. */
  readonly deadRows: number;
  readonly deadWaiting: number;
}

export interface StoreSizes extends AsyncDisposable {
  look(): Promise<StoreSize>;
}

const mib = 2 ** 20;

/** Of the PostgreSQL of `HOOKWIRE_DATABASE_URL`, or of the data directory. */
export async function openStoreSizes(dataDir: string): Promise<StoreSizes> {
  const url = process.env.HOOKWIRE_DATABASE_URL;
  if (!url) {
    return {
      look: async () => ({
        fileMiB: sizeOf(join(dataDir, 'hookwire.db')) / mib,
        walMiB: sizeOf(join(dataDir, 'hookwire.db-wal')) / mib,
        deadRows: 0,
        deadWaiting: 0,
      }),
      async [Symbol.asyncDispose]() {},
    };
  }
  const client = new pg.Client(url);
  await client.connect();
  const { rows: began } = await client.query<{ lsn: string }>('select pg_current_wal_lsn() as lsn');
  return {
    async look() {
      const { rows } = await client.query<Record<'size' | 'wal' | 'dead' | 'waiting', string>>(
        `select pg_database_size(current_database()) as size, pg_current_wal_lsn() - $1::pg_lsn as wal,
           (select sum(n_dead_tup) from pg_stat_user_tables) as dead,
           (select n_dead_tup from pg_stat_user_tables where relname = 'waiting') as waiting`,
        [began[0]?.lsn],
      );
      return {
        fileMiB: Number(rows[0]?.size) / mib,
        walMiB: Number(rows[0]?.wal) / mib,
        deadRows: Number(rows[0]?.dead),
        deadWaiting: Number(rows[0]?.waiting),
      };
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
