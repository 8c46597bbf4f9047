import type { DatabaseSync } from 'node:sqlite';
import { applicationId, readApplied } from './identify.ts';
import { migrations as allMigrations } from './index.ts';
import type { Migration } from './migration.ts';

/** A step of the schema does not go with what the database holds; nothing was changed. */
export class MigrationError extends Error {
  readonly code = 'migration_failed';

  constructor({ number, name }: Migration, cause: unknown) {
    super(
      `Step ${number} (${name}) of the database's schema failed: ${String((cause as Error).message)}. Nothing was ` +
        'changed: the version that ran before can be started again. Please report this as an error of Hookwire.',
      { cause },
    );
    this.name = 'MigrationError';
  }
}

const bookkeeping = `
  create table if not exists schema_migrations (
    number integer not null primary key,
    name text not null,
    applied_at integer not null
  ) strict
`;

/**
 * SQLite's plain result codes that speak of the machine and not of the step: busy, no memory, read only, I/O error,
 * damaged, full, cannot open, no database.
 */
const faultsOfTheMachine: ReadonlySet<number> = new Set([5, 7, 8, 10, 11, 13, 14, 26]);

/**
 * Brings the schema up to date; whoever opens the database first calls this once. All missing steps are one
 * transaction, so a process that dies half way leaves the schema as it was.
 *
 * @throws {SchemaError} when the database is newer than the program, or was made by another one
 * @throws {MigrationError} when a step fails
 */
export function migrate(db: DatabaseSync, migrations: readonly Migration[] = allMigrations): void {
  db.exec('begin immediate');
  try {
    const applied = readApplied(db, migrations);
    db.exec(bookkeeping);
    const record = db.prepare('insert into schema_migrations values (?, ?, unixepoch() * 1000)');
    for (const migration of migrations.slice(applied.length)) {
      take(db, migration);
      record.run(migration.number, migration.name);
    }
    const marked = db.prepare('pragma application_id').get()?.application_id;
    if (marked !== applicationId) db.exec(`pragma application_id = ${applicationId}`);
    db.exec('commit');
  } catch (error) {
    if (db.isTransaction) db.exec('rollback');
    throw error;
  }
}

function take(db: DatabaseSync, migration: Migration): void {
  try {
    db.exec(migration.sql);
  } catch (error) {
    const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
    throw faultsOfTheMachine.has(code) ? error : new MigrationError(migration, error);
  }
}
