import pg from 'pg';
import { afterEach, expect, it } from 'vitest';
import { eventually } from '../../../testing/eventually.ts';
import { createTestDatabases } from '../testing/databases.ts';
import { beginBrief } from '../transaction.ts';
import { migrations } from './index.ts';
import { migrate } from './migrate.ts';

const databases = createTestDatabases();
const clients: pg.Client[] = [];
const tables = ['events', 'deliveries', 'waiting', 'event_identities', 'accounts'];
const step = {
  number: migrations.length + 1,
  name: 'wide',
  sql: [
    'create table made_here (id integer)',
    ...[...tables, 'made_here'].map((table) => `alter table ${table} add column more integer`),
  ].join(';'),
};

afterEach(async () => {
  for (const client of clients.splice(0)) await client.end();
  await databases.remove();
});

async function connected(): Promise<pg.Client> {
  const client = new pg.Client(await databases.laidOut('stepped'));
  await client.connect();
  clients.push(client);
  return client;
}

/** Takes the step while somebody has `waiting` in a transaction. @returns what it had of the tables while it waited for that one */
async function hadWhileItWaited(begin: string): Promise<string[]> {
  const [changing, other, looking] = [await connected(), await connected(), await connected()];
  await other.query(begin);
  await other.query('select * from waiting');
  const { rows } = await changing.query<{ pid: number }>('select pg_backend_pid() as pid');
  const migrating = migrate(changing, [...migrations, step]);
  const had = await eventually(
    async () => {
      const found = await looking.query<{ has: string[] | null }>(
        `select array_agg(relation::regclass::text) filter (where granted and relation::regclass::text = any ($2)) as has
         from pg_locks where pid = $1 having bool_or(not granted)`,
        [rows[0]?.pid, tables],
      );
      return found.rows[0];
    },
    (found) => found !== undefined,
  );
  await other.query('select * from events');
  await other.query('commit');
  await migrating;
  expect(
    (await looking.query('select made_here.more, waiting.more, events.more from made_here, waiting, events'))
      .rows,
  ).toEqual([]);
  return had?.has ?? [];
}

it('a step waits for brief transactions before it has anything that they may want', async () => {
  expect(await hadWhileItWaited(beginBrief)).toEqual([]);
});

it('a step has nothing that the statements want which it waits for', async () => {
  expect((await hadWhileItWaited('begin')).toSorted()).toEqual(['accounts', 'event_identities']);
});
