import type { DatabaseSync } from 'node:sqlite';
import type { Migration } from './migration.ts';

/** The database is not one for this program; nothing was changed. */
export class SchemaError extends Error {
  readonly code = 'schema_mismatch';

  constructor(message: string) {
    super(message);
    this.name = 'SchemaError';
  }
}

/** A step that was taken. */
export interface Applied {
  readonly number: number;
  readonly name: string;
}

/** "HKWR": written into the header of our databases, where `file` and others look (`PRAGMA application_id`). */
export const applicationId = 0x48_4b_57_52;

const otherDirectory = 'give this one another HOOKWIRE_DATA_DIR';
const namedTables = 3;

/**
 * The steps that a database has behind it; none where it is empty.
 * @throws {SchemaError} when it belongs to another application, to a newer version or to another build
 */
export function readApplied(db: DatabaseSync, known: readonly Migration[]): readonly Applied[] {
  const application = Number(db.prepare('pragma application_id').get()?.application_id);
  if (application !== 0 && application !== applicationId) {
    throw foreign(`its application id is ${application}`);
  }
  const tables = db
    .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\'")
    .all()
    .map(({ name }) => String(name));
  if (tables.length === 0) return [];
  const columns = db.prepare("select name from pragma_table_info('schema_migrations')").all();
  const names = columns.map(({ name }) => String(name));
  const applied = names.includes('number') && names.includes('name') ? readSteps(db) : [];
  if (applied.length === 0) throw foreign(`it has the tables ${listed(tables)} and none of Hookwire's`);
  checkApplied(applied, known);
  return applied;
}

function readSteps(db: DatabaseSync): readonly Applied[] {
  const rows = db.prepare('select number, name from schema_migrations order by number').all();
  return rows.map((row) => ({ number: Number(row.number), name: String(row.name) }));
}

function checkApplied(applied: readonly Applied[], known: readonly Migration[]): void {
  const newest = applied.at(-1);
  if (newest && applied.length > known.length) {
    throw new SchemaError(
      `The database was written by a newer Hookwire: its schema is at step ${newest.number} (${newest.name}), and this ` +
        `version knows ${known.length}. Start the newer version, restore a backup from before the upgrade, or ${otherDirectory}.`,
    );
  }
  for (const [index, { number, name }] of applied.entries()) {
    if (known[index]?.number === number && known[index].name === name) continue;
    throw new SchemaError(
      `The database's schema step ${number} (${name}) is not known to this version: it belongs to another build of ` +
        `Hookwire. Start that one, or ${otherDirectory}.`,
    );
  }
}

function foreign(why: string): SchemaError {
  return new SchemaError(
    `The database belongs to another application (${why}): nothing was changed. Move it away, or ${otherDirectory}.`,
  );
}

function listed(names: readonly string[]): string {
  const more = names.length - namedTables;
  return names.slice(0, namedTables).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
