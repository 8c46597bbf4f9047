import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Place } from '../../moving/moving-store.ts';
import { type ColumnKind, type MovedRow, type MovedTable, movedTables } from '../../moving/tables.ts';
import { prepare } from '../reader/work.ts';

/** What an empty database has in it. */
const madeEmpty: ReadonlySet<string> = new Set(['access_era', 'retention_cursors']);
/** Of what the other store tells whose it is; here that is its webhook's or its event's. */
const leftOut: Readonly<Record<string, readonly string[]>> = {
  told_steps: ['account'],
  webhook_stats: ['account'],
  retention_left: ['account'],
};

/** Writes rows that are not there yet; inside a transaction. @param isFirst what an empty database has goes */
export function writeRows(
  db: DatabaseSync,
  table: MovedTable,
  rows: readonly MovedRow[],
  isFirst: boolean,
): void {
  const { name } = table;
  if (isFirst && table.replaces) db.exec(`DELETE FROM ${name}`);
  const columns = Object.entries(table.columns).filter(([column]) => !leftOut[name]?.includes(column));
  const insert = prepare(
    db,
    `INSERT INTO ${name} (${columns.map(([column]) => `"${column}"`).join(', ')})
     VALUES (${columns.map(() => '?').join(', ')})`,
  );
  for (const row of rows) insert.run(...columns.map(([column, kind]) => written(kind, row[column] ?? null)));
}

function written(kind: ColumnKind, value: MovedRow[string]): SQLInputValue {
  return kind === 'counts' ? JSON.stringify(value) : (value as SQLInputValue);
}

/** While a move is under way, the database has a table that says how far it is. */
export function readPlace(db: DatabaseSync): Place | null {
  db.exec(
    'CREATE TABLE IF NOT EXISTS move_place (id INTEGER PRIMARY KEY CHECK (id = 1), place TEXT NOT NULL)',
  );
  const row = db.prepare('SELECT place FROM move_place').get();
  return row ? (JSON.parse(String(row.place)) as Place) : null;
}

/** Notes how far it has come; in the transaction that brought it there. */
export function writePlace(db: DatabaseSync, place: Place): void {
  prepare(db, 'INSERT OR REPLACE INTO move_place (id, place) VALUES (1, ?)').run(JSON.stringify(place));
}

export function takePlace(db: DatabaseSync): void {
  db.exec('DROP TABLE IF EXISTS move_place');
}

/** What a database has that a move would not find in an empty one, for people; `null`: nothing. */
export function heldOf(db: DatabaseSync): string | null {
  const tables = [...movedTables, { name: 'events', holds: 'events' }].filter(
    ({ name }) => !madeEmpty.has(name),
  );
  const found = tables.filter(({ name }) => db.prepare(`SELECT 1 FROM ${name} LIMIT 1`).get());
  return found.length === 0 ? null : found.map(({ holds }) => holds).join(', ');
}
