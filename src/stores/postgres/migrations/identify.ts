import type { ClientBase } from 'pg';
import type { Migration } from './migration.ts';

/** The database is not one for this program; nothing was changed. */
export class SchemaError extends Error {
  readonly code = 'schema_mismatch';

  constructor(message: string) {
    super(message);
    this.name = 'SchemaError';
  }
}

const another = 'give this one another database in HOOKWIRE_DATABASE_URL';
const namedTables = 3;

/**
 * The steps that a database has behind it; none where it is empty.
 * @throws {SchemaError} when it belongs to another application, to a newer version or to another build
 */
export async function readApplied(
  client: ClientBase,
  known: readonly Migration[],
): Promise<readonly Pick<Migration, 'number' | 'name'>[]> {
  const { rows } = await client.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE' order by 1",
  );
  const tables = rows.map(({ name }) => name);
  if (tables.length === 0) return [];
  if (!tables.includes('schema_migrations')) {
    const more = tables.length - namedTables;
    const named = tables.slice(0, namedTables).join(', ') + (more > 0 ? ` and ${more} more` : '');
    throw new SchemaError(
      `The database belongs to another application (it has the tables ${named} and none of Hookwire's): nothing was changed. ` +
        `Make a database for Hookwire alone, and ${another}.`,
    );
  }
  const applied = await client.query<{ number: number; name: string }>(
    'select number, name from schema_migrations order by number',
  );
  checkApplied(applied.rows, known);
  return applied.rows;
}

function checkApplied(
  applied: readonly Pick<Migration, 'number' | 'name'>[],
  known: readonly Migration[],
): void {
  const newest = applied.at(-1);
  if (newest && applied.length > known.length) {
    throw new SchemaError(
      `The database was written by a newer Hookwire: its schema is at step ${newest.number} (${newest.name}), and this ` +
        `version knows ${known.length}. Nothing was changed, and gateways of this version that are at work go on. Start the newer ` +
        `version, restore a backup from before the upgrade, or ${another}.`,
    );
  }
  for (const [index, { number, name }] of applied.entries()) {
    if (known[index]?.number === number && known[index].name === name) continue;
    throw new SchemaError(
      `The database's schema step ${number} (${name}) is not known to this version: it belongs to another build of ` +
        `Hookwire. Start that one, or ${another}.`,
    );
  }
}
