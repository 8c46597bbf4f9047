import type { ClientBase, Pool } from 'pg';
import type { WipePlace } from '../../ports/erasures.ts';
import { sqlState } from '../sql-state.ts';
import { inTransaction } from '../transaction.ts';
import {
  beginCopy,
  buildNextIndex,
  type Copied,
  copyNext,
  copyOf,
  fewChanges,
  followChanges,
  hasItsColumns,
  putInPlace,
} from './copy-partition.ts';
import { partitioned } from './marks.ts';

/** "WIPE": of an advisory lock, so that one process at a time writes anew. It ends with each transaction. */
const lockKey = 0x57_49_50_45;
/** Everybody who reads or writes waits behind whoever waits for a table. */
const lockTimeoutMs = 50;
const lockNotAvailable = '55P03';
/** One piece copies for so long, ms. */
const longestMs = 50;
/** What has changed is taken over for longer, so that it comes to an end however much is stored meanwhile. */
const longestCatchUpMs = 1_000;
/** A table that is not partitioned is written anew in one go, while nobody gets at it; a larger one is vacuumed alone. */
const mostBytesInOneGo = 64 * 1024 * 1024;
const vacuumWithinMs = 15 * 60_000;

interface Marked {
  readonly place: string;
  readonly mark: number;
  readonly began: number | null;
  readonly copied: string | null;
  readonly bytes: number | null;
}

/**
 * Writes anew what holds what was erased, a piece at a time: a day's partition as a copy beside it, which takes its place when
 * it has all, so that nobody waits for more than the last moment; another table in one go. What is noted in the database goes
 * on where it was, in whichever process.
 */
export async function wipe(pool: Pool, from: WipePlace | null): Promise<WipePlace | null> {
  const page = from?.page ?? 0;
  const upTo = from?.upTo ?? (await lastMark(pool));
  const stay: WipePlace = { page, upTo };
  const vacuums: string[] = [];
  try {
    const done = await inTransaction(pool, 'read committed', async (client) => {
      vacuums.length = 0;
      await client.query(`set local lock_timeout = ${lockTimeoutMs}`);
      if (!(await tryLock(client))) return 'waits';
      const next = await nextMarked(client, upTo);
      if (!next) return 'all';
      return deal(client, next, vacuums);
    });
    for (const table of vacuums)
      await pool.query({ text: `vacuum (skip_locked) ${table}`, query_timeout: vacuumWithinMs } as never);
    if (done === 'all') return null;
    return done === 'waits' ? stay : { page: page + 1, upTo };
  } catch (error) {
    if (sqlState(error) !== lockNotAvailable) throw error;
    return stay;
  }
}

async function tryLock(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_xact_lock($1) as taken', [
    lockKey,
  ]);
  return rows[0]?.taken === true;
}

async function lastMark(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ mark: number | null }>('select max(mark) as mark from erased_places');
  return rows[0]?.mark ?? 0;
}

/** What was marked before, one that was begun first. */
async function nextMarked(client: ClientBase, upTo: number): Promise<Marked | undefined> {
  const { rows } = await client.query<Marked>(
    `select place, mark, began, copied, pg_total_relation_size(to_regclass(place)) as bytes from erased_places
     where coalesce(began, mark) <= $1 order by began nulls last, mark limit 1`,
    [upTo],
  );
  return rows[0];
}

async function deal(client: ClientBase, marked: Marked, vacuums: string[]): Promise<'done' | 'waits'> {
  const { place, bytes } = marked;
  const parent = partitioned.find((table) => place.startsWith(`${table}_`));
  if (bytes === null) {
    // It was dropped with its day.
    await client.query(`drop table if exists ${copyOf({ name: place })}`);
    await forget(client, marked);
    return 'done';
  }
  if (parent) return rewrite(client, marked, { name: place, parent });
  if (await isSeenByOthers(client, place)) return 'waits';
  if (bytes <= mostBytesInOneGo) await client.query(`cluster ${place} using ${place}_pkey`);
  else vacuums.push(place);
  await forget(client, marked);
  return 'done';
}

async function rewrite(client: ClientBase, marked: Marked, partition: Copied): Promise<'done' | 'waits'> {
  const { place, began } = marked;
  if (began === null || !(await hasItsColumns(client, partition))) {
    await beginCopy(client, partition);
    await client.query("update erased_places set began = mark, copied = '[]' where place = $1", [place]);
    return 'done';
  }
  if (marked.copied !== null) {
    const copied = await copySome(client, partition, marked.copied);
    await client.query('update erased_places set copied = $2 where place = $1', [place, copied]);
    return 'done';
  }
  if (await buildNextIndex(client, partition)) return 'done';
  if (!(await catchUp(client, partition))) return 'done';
  if (!(await unlessHeld(client, () => putInPlace(client, partition)))) return 'waits';
  await forget(client, marked);
  return 'done';
}

async function copySome(client: ClientBase, partition: Copied, from: string): Promise<string | null> {
  const start = performance.now();
  let copied: string | null = from;
  do copied = await copyNext(client, partition, copied);
  while (copied !== null && performance.now() - start < longestMs);
  return copied;
}

/** Whether next to nothing is left that has changed and is not taken over. */
async function catchUp(client: ClientBase, partition: Copied): Promise<boolean> {
  const start = performance.now();
  while ((await followChanges(client, partition)) >= fewChanges)
    if (performance.now() - start > longestCatchUpMs) return false;
  return true;
}

/** Does what needs a lock, or nothing where somebody has it for long, or where it gives `false`. */
async function unlessHeld(client: ClientBase, work: () => Promise<boolean>): Promise<boolean> {
  await client.query('savepoint locked');
  try {
    if (await work()) return true;
  } catch (error) {
    if (sqlState(error) !== lockNotAvailable) throw error;
  }
  await client.query('rollback to savepoint locked');
  return false;
}

/** What was marked again while it was copied is to be written anew again. */
async function forget(client: ClientBase, { place, mark, began }: Marked): Promise<void> {
  await client.query('delete from erased_places where place = $1 and mark = $2', [place, began ?? mark]);
  await client.query('update erased_places set began = null, copied = null where place = $1', [place]);
  await client.query('delete from changes_while_copied where place = $1', [place]);
}

/** Whether somebody may still see rows as they were before they were erased: these would be written anew with the others. */
async function isSeenByOthers(client: ClientBase, place: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `select 1 from pg_stat_activity a, erased_places e
     where e.place = $1 and a.pid <> pg_backend_pid() and a.backend_xmin is not null and age(a.backend_xmin) >= age(e.xmin)
     limit 1`,
    [place],
  );
  return (rowCount ?? 0) > 0;
}
