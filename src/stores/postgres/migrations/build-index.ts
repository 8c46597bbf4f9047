import type { ClientBase } from 'pg';
import { sqlState } from '../sql-state.ts';
import type { NewIndex } from './migration.ts';

/** Does something in a transaction that waits for no lock for long, again until it had its locks. */
export type Briefly = (sql: string) => Promise<void>;

const noSuchTable = '42P01';
/** A name in PostgreSQL has so many bytes. */
const longestName = 63;
/** Of a statement; it keeps nobody from the table meanwhile. */
const buildsWithinMs = 6 * 60 * 60_000;
/**
 * While it is built it waits for all transactions that began before, and nobody waits behind it. Whoever is killed in the middle is
 * noticed within a second, whose machine is gone within a minute.
 */
const settings = {
  lock_timeout: '0',
  statement_timeout: '0',
  client_connection_check_interval: '1000',
  tcp_keepalives_idle: '30',
  tcp_keepalives_interval: '10',
  tcp_keepalives_count: '3',
};

/**
 * Builds an index beside those who write the table, a day's partition after the other where it has any; goes on with what another
 * process has left of it. To be called by one process at a time, on a connection without a transaction.
 */
export async function buildIndex(client: ClientBase, index: NewIndex, briefly: Briefly): Promise<void> {
  const names = Object.keys(settings);
  await client.query(
    Object.entries(settings)
      .map(([name, value]) => `set ${name} = ${value}`)
      .join(';'),
  );
  try {
    if (await isPartitioned(client, index.table)) await buildOnPartitions(client, index, briefly);
    else await buildOn(client, index.table, index.name, index.of);
  } finally {
    await client.query(names.map((name) => `reset ${name}`).join(';'));
  }
}

/** New partitions have it from the beginning; those that are there get it one by one. */
async function buildOnPartitions(client: ClientBase, index: NewIndex, briefly: Briefly): Promise<void> {
  const { name, table, of } = index;
  await briefly(`create index if not exists ${name} on only ${table} ${of}`);
  for (let next = await partitionWithout(client, index); next; next = await partitionWithout(client, index)) {
    const own = `${next}_${name}`.slice(0, longestName);
    try {
      await buildOn(client, next, own, of);
    } catch (error) {
      // It was dropped with its day.
      if (sqlState(error) === noSuchTable) continue;
      throw error;
    }
    await briefly(`alter index ${name} attach partition ${own}`);
  }
}

/** One that was begun and not ended is of no use: it is built anew. */
async function buildOn(client: ClientBase, table: string, name: string, of: string): Promise<void> {
  const { rows } = await client.query<{ valid: boolean }>(
    'select indisvalid as valid from pg_index where indexrelid = to_regclass($1)',
    [name],
  );
  if (rows[0]?.valid === true) return;
  await ask(client, `drop index concurrently if exists ${name}`);
  await ask(client, `create index concurrently ${name} on ${table} ${of}`);
}

async function ask(client: ClientBase, text: string): Promise<void> {
  await client.query({ text, query_timeout: buildsWithinMs } as never);
}

async function isPartitioned(client: ClientBase, table: string): Promise<boolean> {
  const { rows } = await client.query<{ kind: string }>(
    'select relkind as kind from pg_class where oid = $1::regclass',
    [table],
  );
  return rows[0]?.kind === 'p';
}

/** A partition that has no part of the index yet. */
async function partitionWithout(client: ClientBase, { name, table }: NewIndex): Promise<string | undefined> {
  const { rows } = await client.query<{ partition: string }>(
    `select child.relname as partition from pg_inherits p join pg_class child on child.oid = p.inhrelid
     where p.inhparent = $1::regclass and not exists (
       select from pg_index i join pg_inherits of_index on of_index.inhrelid = i.indexrelid
       where i.indrelid = child.oid and of_index.inhparent = $2::regclass)
     order by 1 limit 1`,
    [table, name],
  );
  return rows[0]?.partition;
}
