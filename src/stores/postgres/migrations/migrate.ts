import { setTimeout as pause } from 'node:timers/promises';
import type { ClientBase } from 'pg';
import { sqlState } from '../sql-state.ts';
import { readApplied } from './identify.ts';
import { migrations as allMigrations } from './index.ts';
import type { Migration } from './migration.ts';

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

/** "HKWR": of an advisory lock, so that one process at a time changes the schema. */
const lockKey = 0x48_4b_57_52;
/** A step that needs a table waits for whoever uses it no longer, since everybody else waits behind it. */
const lockTimeoutMs = 1_000;
const betweenTriesMs = 200;
const triesAtMost = 150;
/** SQLSTATE: the lock was not to be had in time. */
const lockNotAvailable = '55P03';

const bookkeeping = `
  create table if not exists schema_migrations (
    number     integer not null primary key,
    name       text not null,
    applied_at bigint not null
  )`;

/**
 * Brings the schema up to date, each step in a transaction of its own. Of several processes that start at once one does it and
 * the others wait. Processes of the version before go on meanwhile: a step takes nothing away that they use.
 *
 * @param client a connection of its own, not through a pooler: the lock belongs to the connection
 * @throws {SchemaError} when the database is newer than the program, or was made by another one
 * @throws {MigrationError} when a step fails
 */
export async function migrate(
  client: ClientBase,
  migrations: readonly Migration[] = allMigrations,
): Promise<void> {
  await client.query('select pg_advisory_lock($1)', [lockKey]);
  try {
    const applied = await readApplied(client, migrations);
    await client.query(bookkeeping);
    for (const migration of migrations.slice(applied.length)) await take(client, migration);
  } finally {
    await client.query('select pg_advisory_unlock($1)', [lockKey]);
  }
}

async function take(client: ClientBase, migration: Migration): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await client.query('begin');
      await client.query(`set local lock_timeout = ${lockTimeoutMs}`);
      await client.query(migration.sql);
      await client.query(
        'insert into schema_migrations values ($1, $2, (extract(epoch from clock_timestamp()) * 1000)::bigint)',
        [migration.number, migration.name],
      );
      await client.query('commit');
      return;
    } catch (error) {
      await client.query('rollback');
      if (sqlState(error) !== lockNotAvailable || tries >= triesAtMost)
        throw new MigrationError(migration, error);
      await pause(betweenTriesMs);
    }
  }
}
