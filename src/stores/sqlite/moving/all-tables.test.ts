import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { movedTables } from '../../moving/tables.ts';
import { migrate } from '../migrations/migrate.ts';

/** What a move brings in another way than row by row, or not at all. */
const others: Readonly<Record<string, string>> = {
  events: 'by the log, with all that is theirs',
  deliveries: 'by the log',
  attempts: 'by the log',
  acceptance_times: 'by the log: each event says when it was accepted',
  fan_outs: 'stored before the move begins',
  index_tail: 'made anew',
  index_state: 'made anew',
  index_runs: 'made anew',
  index_chunks: 'made anew',
  index_places: 'made anew',
  index_filters: 'made anew',
  index_forgotten: 'what was erased is not indexed again',
  event_identities: 'of before step 27: made anew',
  search_buckets: 'of before step 27: made anew',
  search_runs: 'of before step 27: made anew',
  former_terms: 'says how old entries of the index are written',
  wipes: 'of this file',
  write_probe: 'of this file',
  schema_migrations: 'of this file',
  sqlite_sequence: 'of this file',
};
/** Columns that the other store tells of a table besides. */
const besides: Readonly<Record<string, readonly string[]>> = {
  told_steps: ['account'],
  webhook_stats: ['account'],
  retention_left: ['account'],
};

it('every table and column of the embedded database is moved, or there is a reason why it is not', () => {
  const db = new DatabaseSync(':memory:');
  migrate(db);
  const tables = db
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    .all()
    .map(({ name }) => String(name));
  const moved = new Set<string>(movedTables.map(({ name }) => name));
  expect(tables.filter((name) => !moved.has(name) && !(name in others))).toEqual([]);
  for (const { name, columns } of movedTables) {
    const stored = db.prepare(`SELECT name FROM pragma_table_info('${name}')`).all();
    const all = [...stored.map((column) => String(column.name)), ...(besides[name] ?? [])];
    expect([name, Object.keys(columns).sort()]).toEqual([name, all.sort()]);
  }
});
