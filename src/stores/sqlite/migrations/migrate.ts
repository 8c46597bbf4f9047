import type { DatabaseSync } from 'node:sqlite';
import { migrations as allMigrations } from './index.ts';
import type { Migration } from './migration.ts';

/** The database's schema does not fit this program; nothing was changed. */
export class SchemaError extends Error {
  readonly code = 'schema_mismatch';

  constructor(message: string) {
    super(message);
    this.name = 'SchemaError';
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
 * Brings the schema up to date; whoever opens the database first calls this once. All missing steps are one
 * transaction, so a process that dies half way leaves the schema as it was.
 *
 * @throws {SchemaError} when the database is newer than the program, or was made by another one
 */
export function migrate(db: DatabaseSync, migrations: readonly Migration[] = allMigrations): void {
  db.exec('begin immediate');
  try {
    db.exec(bookkeeping);
    const applied = readApplied(db);
    checkApplied(applied, migrations);
    const record = db.prepare('insert into schema_migrations values (?, ?, unixepoch() * 1000)');
    for (const migration of migrations.slice(applied.length)) {
      db.exec(migration.sql);
      record.run(migration.number, migration.name);
    }
    db.exec('commit');
  } catch (error) {
    if (db.isTransaction) db.exec('rollback');
    throw error;
  }
}

interface Applied {
  readonly number: number;
  readonly name: string;
}

function readApplied(db: DatabaseSync): readonly Applied[] {
  const rows = db.prepare('select number, name from schema_migrations order by number').all();
  return rows.map((row) => ({ number: Number(row.number), name: String(row.name) }));
}

function checkApplied(applied: readonly Applied[], known: readonly Migration[]): void {
  const newest = applied.at(-1);
  if (newest && applied.length > known.length) {
    throw new SchemaError(
      `The database was written by a newer Hookwire: its schema is at step ${newest.number} (${newest.name}), ` +
        `and this program knows ${known.length}. Start the newer version, or give this one another data directory.`,
    );
  }
  for (const [index, { number, name }] of applied.entries()) {
    if (known[index]?.number === number && known[index].name === name) continue;
    throw new SchemaError(
      `The database's schema step ${number} (${name}) is not known to this program. ` +
        'It belongs to another build of Hookwire: start that one, or use another data directory.',
    );
  }
}
