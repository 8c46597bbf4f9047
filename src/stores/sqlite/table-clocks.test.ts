import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { oldRows } from '../sql/forgetting/old-rows.ts';
import { migrate } from './migrations/migrate.ts';
import { tableClocks } from './table-clocks.ts';

const db = new DatabaseSync(':memory:');
migrate(db);
const tables = db
  .prepare(`select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\'`)
  .all()
  .map(({ name }) => String(name));

it('of every table it is said what ends what is in it', () => {
  expect(Object.keys(tableClocks).sort()).toEqual(tables.sort());
});

it('what is said is sentences', () => {
  for (const [table, { holds, ends }] of Object.entries(tableClocks)) {
    expect(holds, table).toMatch(/^[A-Z].*[^.]$/);
    expect(ends, table).toMatch(/^[A-Z`0-9].*\.$/);
  }
});

it('what is walked for what is old is walked along a key that finds it at once, whole table by whole table', () => {
  for (const { table, key } of oldRows) {
    const marks = key.map(() => '?').join(', ');
    const columns = key.join(', ');
    const plan = db
      .prepare(
        `explain query plan select ${columns} from ${table} where (${columns}) > (${marks}) order by ${columns}`,
      )
      .all(...key.map(() => ''))
      .map(({ detail }) => String(detail));
    expect(plan, table).toEqual([expect.stringMatching(/^SEARCH/)]);
  }
});
