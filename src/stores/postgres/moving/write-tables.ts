import type { ClientBase } from 'pg';
import type { Place } from '../../moving/moving-store.ts';
import {
  type ColumnKind,
  type MovedRow,
  type MovedTable,
  movedTables,
  withoutNul,
} from '../../moving/tables.ts';

/** What PostgreSQL has in tables of an empty database. */
const madeEmpty: ReadonlySet<string> = new Set(['access_era', 'retention_cursors']);

/** Writes rows that are not there yet; inside a transaction. @param isFirst what an empty database has goes */
export async function writeRows(
  client: ClientBase,
  table: MovedTable,
  rows: readonly MovedRow[],
  isFirst: boolean,
): Promise<void> {
  const { name } = table;
  if (isFirst && table.replaces) await client.query(`delete from ${name}`);
  if (rows.length === 0) return;
  const columns = Object.keys(table.columns)
    .map((column) => `"${column}"`)
    .join(', ');
  const given = rows.map((row) => writtenRow(table, row));
  await client.query(
    `insert into ${name} (${columns}) select ${columns} from json_populate_recordset(null::${name}, $1)`,
    [JSON.stringify(given)],
  );
  // Those that are deleted from now on come behind these.
  if (name === 'deleted_keys')
    await client.query('update key_deletions set count = (select max(number) from deleted_keys)');
}

function writtenRow({ columns }: MovedTable, row: MovedRow): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, kind]) => [name, written(kind, row[name] ?? null)]),
  );
}

function written(kind: ColumnKind, value: MovedRow[string]): unknown {
  if (kind === 'truth') return value === null ? null : value === 1;
  return typeof value === 'string' ? withoutNul(value) : value;
}

/** Notes how far a move has come; in the transaction that brought it there. */
export async function writePlace(client: ClientBase, place: Place): Promise<void> {
  await client.query("update moves set place = $1 where direction = 'into'", [JSON.stringify(place)]);
}

/** What a database has that a move would not find in an empty one, for people; `null`: nothing. */
export async function heldOf(client: ClientBase): Promise<string | null> {
  const tables = [...movedTables, { name: 'events', holds: 'events' }].filter(
    ({ name }) => !madeEmpty.has(name),
  );
  const { rows } = await client.query<{ holds: string }>(
    tables
      .map(({ name, holds }) => `(select '${holds.replaceAll("'", "''")}' as holds from ${name} limit 1)`)
      .join(' union all '),
  );
  return rows.length === 0 ? null : rows.map(({ holds }) => holds).join(', ');
}
