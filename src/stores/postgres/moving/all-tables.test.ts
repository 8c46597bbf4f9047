import pg from 'pg';
import { afterAll, expect, it } from 'vitest';
import { movedTables } from '../../moving/tables.ts';
import { createTestDatabases } from '../testing/databases.ts';

const databases = createTestDatabases();
afterAll(() => databases.remove());

/** What a move brings in another way than row by row, or not at all. */
const others: Readonly<Record<string, string>> = {
  events: 'by the log, with all that is theirs',
  waiting: 'by the log',
  deliveries: 'by the log',
  attempts: 'by the log',
  event_identities: 'made anew',
  key_deletions: 'counted anew',
  erased_places: 'of these files',
  changes_while_copied: 'of these files',
  processes: 'of gateways that are at work',
  shard_leases: 'of gateways that are at work',
  moves: 'of the move',
  schema_migrations: 'of this database',
};

it('every table and column of PostgreSQL is moved, or there is a reason why it is not', async () => {
  const client = new pg.Client(await databases.laidOut('tables'));
  await client.connect();
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `select c.relname as name, array_agg(a.attname::text order by a.attname::text collate "C") as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace
     group by 1 order by 1`,
  );
  await client.end();
  const moved = new Set<string>(movedTables.map(({ name }) => name));
  const names = rows.map(({ name }) => name);
  expect(names.filter((name) => !moved.has(name) && !(name in others))).toEqual([]);
  for (const { name, columns } of movedTables) {
    const stored = rows.find((row) => row.name === name)?.columns;
    expect([name, Object.keys(columns).sort()]).toEqual([name, stored]);
  }
});
