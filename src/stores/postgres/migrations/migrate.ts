import { setTimeout as pause } from 'node:timers/promises';
import type { ClientBase } from 'pg';
import { isOfConnection, rollBack } from '../connection.ts';
import { sqlState } from '../sql-state.ts';
import { buildIndex } from './build-index.ts';
import { readApplied } from './identify.ts';
import { migrations as allMigrations } from './index.ts';
import { lockInOrder } from './lock-in-order.ts';
import type { Migration, NewIndex } from './migration.ts';

/** A step of the schema does not go with what the database holds; the steps before it were taken, it was not. */
export class MigrationError extends Error {
  readonly code = 'migration_failed';

  constructor({ number, name }: Migration, cause: unknown) {
    super(
      `Step ${number} (${name}) of the database's schema failed: ${String((cause as Error).message)}. The version that ran ` +
        'before goes on with the database as it is. Please report this as an error of Hookwire.',
      { cause },
    );
    this.name = 'MigrationError';
  }
}

/** A step of the schema could not be taken, since a table was in use all the time; the steps before it were. */
export class SchemaBusyError extends Error {
  readonly code = 'schema_busy';

  constructor({ number, name }: Migration, inTheWay: string, cause: unknown) {
    super(
      `Step ${number} (${name}) of the database's schema was not taken, since a table that it changes was in use all the time: ` +
        `${inTheWay}. Gateways of the version before go on. Start this one again when that has ended.`,
      { cause },
    );
    this.name = 'SchemaBusyError';
  }
}

export interface MigrateOptions {
  /** Told, once each, of what it waits for. */
  readonly warn?: (message: string) => void;
  /** How long a step may wait for whoever uses its tables, over all its tries, ms. Default: 5 min. */
  readonly patienceMs?: number;
}

/** "HKWR": of an advisory lock, so that one process at a time changes the schema. It ends with each step. */
const lockKey = 0x48_4b_57_52;
/**
 * A step that needs a table waits no longer for whoever uses it, since everybody else waits behind it. Shorter than the second after
 * which PostgreSQL looks for a deadlock and ends one of those in it, which need not be the step.
 */
const lockTimeoutMs = 200;
/** The others have the table for that long at least between two tries. */
const shortestPauseMs = 200;
const longestPauseMs = 2_000;
const usualPatienceMs = 5 * 60_000;
/** A statement of a step may take so long; all others have the pool's time. */
const stepWithinMs = 60 * 60_000;
/** Of two that are in each other's way it is the step that tries again. SQLSTATEs: no lock in time, deadlock, serialization. */
const getInTheWay: ReadonlySet<string> = new Set(['55P03', '40P01', '40001']);

const bookkeeping = `
  create table if not exists schema_migrations (
    number     integer not null primary key,
    name       text not null,
    applied_at bigint not null
  )`;

/**
 * A process that is killed, or that stops, in the middle gives its locks back: within a second where its connection is closed, also
 * while the server is at a statement, within 15 where nothing is heard of it.
 */
const begin = `
  begin;
  set local lock_timeout = ${lockTimeoutMs};
  set local statement_timeout = 0;
  set local idle_in_transaction_session_timeout = 15000;
  set local client_connection_check_interval = 1000`;

/**
 * Brings the schema up to date, each step in a transaction of its own, under a lock that ends with it. Of several processes that start
 * at once one takes a step and the others wait. Processes of the version before go on meanwhile: a step takes nothing away that they
 * use (migration.ts), and keeps nobody from a table for longer than what it does there takes.
 *
 * @param client past any pooler where a step builds an index: that takes a lock of the connection's
 * @throws {SchemaError} when the database is newer than the program, or was made by another one
 * @throws {MigrationError} when a step fails
 * @throws {SchemaBusyError} when somebody uses its tables for too long
 */
export async function migrate(
  client: ClientBase,
  migrations: readonly Migration[] = allMigrations,
  { warn = () => {}, patienceMs = usualPatienceMs }: MigrateOptions = {},
): Promise<void> {
  let hasWaited = false;
  for (;;) {
    const applied = await readApplied(client, migrations);
    const next = migrations[applied.length];
    if (!next) return;
    const patience = { warn, patienceMs };
    const taken = next.index
      ? await takeWithIndex(client, next, next.index, migrations, patience)
      : await takeStep(client, next, migrations, patience);
    if (taken) continue;
    if (!hasWaited)
      warn('Another process is changing the schema of the database: this one goes on when that has ended.');
    hasWaited = true;
    await pause(shortestPauseMs);
  }
}

/** @returns `false`: another process takes a step */
async function takeWithIndex(
  client: ClientBase,
  step: Migration,
  index: NewIndex,
  migrations: readonly Migration[],
  patience: Required<MigrateOptions>,
): Promise<boolean> {
  if (!(await tryLock(client, 'pg_try_advisory_lock'))) return false;
  try {
    const briefly = (sql: string) => patiently(client, step, () => client.query(sql), patience);
    await buildIndex(client, index, async (sql) => void (await briefly(sql))).catch((error: unknown) => {
      const isTold = error instanceof MigrationError || error instanceof SchemaBusyError;
      throw isTold || isOfConnection(error) ? error : new MigrationError(step, error);
    });
    return await takeStep(client, step, migrations, patience);
  } finally {
    await client.query('select pg_advisory_unlock($1)', [lockKey]);
  }
}

/** @returns `false`: another process takes a step */
function takeStep(
  client: ClientBase,
  step: Migration,
  migrations: readonly Migration[],
  patience: Required<MigrateOptions>,
): Promise<boolean> {
  return patiently(
    client,
    step,
    async () => {
      if (!(await tryLock(client, 'pg_try_advisory_xact_lock'))) return false;
      const applied = await readApplied(client, migrations);
      // Another process has taken it, between what was read of it and the lock.
      if (applied.length >= step.number) return true;
      await client.query(bookkeeping);
      await lockInOrder(client, step.sql);
      await client.query({ text: step.sql, query_timeout: stepWithinMs } as never);
      await client.query(
        'insert into schema_migrations values ($1, $2, (extract(epoch from clock_timestamp()) * 1000)::bigint)',
        [step.number, step.name],
      );
      return true;
    },
    patience,
  );
}

/** Does something of a step in a transaction, again until nobody is in its way. */
async function patiently<T>(
  client: ClientBase,
  step: Migration,
  work: () => Promise<T>,
  { warn, patienceMs }: Required<MigrateOptions>,
): Promise<T> {
  const startedAt = performance.now();
  let pauseMs = shortestPauseMs;
  for (;;) {
    try {
      await client.query(begin);
      const result = await work();
      await client.query('commit');
      return result;
    } catch (error) {
      await rollBack(client, error);
      if (isOfConnection(error)) throw error;
      if (!getInTheWay.has(sqlState(error))) throw new MigrationError(step, error);
      const inTheWay = await oldestTransaction(client);
      if (performance.now() - startedAt > patienceMs) throw new SchemaBusyError(step, inTheWay, error);
      if (pauseMs === shortestPauseMs)
        warn(
          `Step ${step.number} (${step.name}) of the database's schema waits for a table that is in use, and tries again; ${inTheWay}.`,
        );
      await pause(pauseMs);
      pauseMs = Math.min(pauseMs * 1.5, longestPauseMs);
    }
  }
}

async function tryLock(
  client: ClientBase,
  how: 'pg_try_advisory_lock' | 'pg_try_advisory_xact_lock',
): Promise<boolean> {
  const { rows } = await client.query<{ mine: boolean }>(`select ${how}($1) as mine`, [lockKey]);
  return rows[0]?.mine === true;
}

/** Who may be in the way, in words. */
async function oldestTransaction(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ pid: number; name: string; seconds: number }>(
    `select pid, application_name as name, extract(epoch from clock_timestamp() - xact_start)::integer as seconds
     from pg_stat_activity where datname = current_database() and xact_start is not null and pid <> pg_backend_pid()
     order by xact_start limit 1`,
  );
  const oldest = rows[0];
  if (!oldest) return 'no transaction is under way any more';
  const { pid, name, seconds } = oldest;
  return `the oldest transaction is that of process ${pid} of the database (${name || 'without a name'}), since ${seconds} s`;
}
