import type { ClientBase } from 'pg';
import { sequenceAt } from '../../../core/ids.ts';
import { dayMs } from '../../../core/keeping.ts';
import { sqlState } from '../sql-state.ts';

/** The tables that are partitioned by day, by the number of events or deliveries. */
const tables = ['events', 'deliveries', 'attempts'] as const;
/**
 * Columns that say something of people: the planner's statistics keep no samples of them, which an erasure would not find. A
 * partition has this of its own.
 */
const withTexts = {
  events: ['own_id', 'body'],
  deliveries: ['error_detail', 'response_body'],
  attempts: ['error_detail', 'response_body'],
} as const;
/** Days that have partitions before they begin; what is later goes into the partitions that take the rest. */
export const daysAhead = 14;
/** Everybody who writes waits behind whoever waits for a table. */
const lockTimeoutMs = 50;
const lockNotAvailable = '55P03';
/**
 * SQLSTATEs with which a day needs no partitions any more: another process has made them, or something of that day came before
 * they did, and then all of it stays where the rest is.
 */
const isSettled: ReadonlySet<string> = new Set(['42P07', '23514']);
/**
 * Where cutting leaves room for the new form of a row on its page, no index needs an entry more, and the page is used again
 * at once.
 */
const fillfactor = 85;

/** A day's partitions: `events_20261130` … */
export interface DayOfEvents {
  /** Midnight, UTC, ms. */
  readonly at: number;
  /** Their numbers: from the first, before the second. */
  readonly from: number;
  readonly before: number;
}

export function dayOf(ms: number): DayOfEvents {
  const at = ms - (ms % dayMs);
  return { at, from: sequenceAt(at), before: sequenceAt(at + dayMs) };
}

/** As it stands in the names of its tables. */
export function nameOf({ at }: DayOfEvents): string {
  return new Date(at).toISOString().slice(0, 10).replaceAll('-', '');
}

/** Days that have partitions, the oldest first. */
export async function partitionedDays(client: ClientBase): Promise<readonly DayOfEvents[]> {
  const { rows } = await client.query<{ day: string }>(
    `select right(child.relname, 8) as day from pg_inherits
     join pg_class child on child.oid = inhrelid join pg_class parent on parent.oid = inhparent
     where parent.oid = to_regclass('events') and child.relname ~ '^events_[0-9]{8}$' order by 1`,
  );
  return rows.map(({ day }) => {
    const [year, month, date] = [day.slice(0, 4), day.slice(4, 6), day.slice(6)];
    return dayOf(Date.parse(`${year}-${month}-${date}T00:00:00Z`));
  });
}

/**
 * Makes the partitions of today and of the days ahead that are missing, on a connection without a transaction.
 * @returns whether all are there; where somebody has a table for long, it is to be tried again later
 */
export async function makePartitions(client: ClientBase, now: number): Promise<boolean> {
  const there = new Set((await partitionedDays(client)).map(({ at }) => at));
  for (let ahead = 0; ahead <= daysAhead; ahead++) {
    const day = dayOf(now + ahead * dayMs);
    if (there.has(day.at)) continue;
    const isMade = await underLock(client, tables.map((table) => createPartition(table, day)).join(';'));
    if (!isMade) return false;
  }
  return true;
}

/** Makes the partitions of these days (ms, at midnight UTC) that are missing, of which nothing is in the database yet. */
export async function makePartitionsOf(client: ClientBase, days: readonly number[]): Promise<void> {
  const there = new Set((await partitionedDays(client)).map(({ at }) => at));
  for (const at of days) {
    if (there.has(at)) continue;
    const day = dayOf(at);
    await client.query(tables.map((table) => createPartition(table, day)).join(';'));
  }
}

/**
 * Drops a day with all that is in it, inside a transaction.
 * @returns whether it is gone: not where somebody has one of its tables for long
 */
export async function dropDay(client: ClientBase, day: DayOfEvents): Promise<boolean> {
  const named = tables.map((table) => `${table}_${nameOf(day)}`);
  await client.query(`savepoint dropping; set local lock_timeout = ${lockTimeoutMs}`);
  try {
    await client.query(`drop table if exists ${named.join(', ')}`);
  } catch (error) {
    if (sqlState(error) !== lockNotAvailable) throw error;
    await client.query('rollback to savepoint dropping');
    return false;
  }
  await client.query('release savepoint dropping; set local lock_timeout = 0');
  return true;
}

function createPartition(table: (typeof tables)[number], day: DayOfEvents): string {
  const name = `${table}_${nameOf(day)}`;
  const unsampled = withTexts[table].map((column) => `alter column ${column} set statistics 0`);
  return `create table if not exists ${name} partition of ${table}
    for values from (${day.from}) to (${day.before}) with (fillfactor = ${fillfactor});
    alter table ${name} ${unsampled.join(', ')}`;
}

async function underLock(client: ClientBase, statements: string): Promise<boolean> {
  try {
    await client.query(`begin; set local lock_timeout = ${lockTimeoutMs}; ${statements}; commit`);
    return true;
  } catch (error) {
    await client.query('rollback');
    const state = sqlState(error);
    if (isSettled.has(state)) return true;
    if (state === lockNotAvailable) return false;
    throw error;
  }
}
