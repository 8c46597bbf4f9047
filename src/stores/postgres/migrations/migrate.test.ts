import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { createTestDatabases } from '../testing/databases.ts';
import { migrations } from './index.ts';
import { migrate } from './migrate.ts';

const databases = createTestDatabases();
const next = (migrations.at(-1)?.number ?? 0) + 1;
const clients: pg.Client[] = [];

async function connected(place: string): Promise<pg.Client> {
  const client = new pg.Client(await databases.of(place));
  await client.connect();
  clients.push(client);
  return client;
}

afterEach(async () => {
  for (const client of clients.splice(0)) await client.end();
  await databases.remove();
});

describe('the schema in PostgreSQL', () => {
  it('is brought up to date once, however many processes start at once', async () => {
    const three = await Promise.all([connected('one'), connected('one'), connected('one')]);
    await Promise.all(three.map((client) => migrate(client)));
    const { rows } = await three[0].query('select number, name from schema_migrations order by number');
    expect(rows).toEqual(migrations.map(({ number, name }) => ({ number, name })));
  });

  it('takes the steps that are missing, and leaves what is there', async () => {
    const client = await connected('old');
    await migrate(client, migrations.slice(0, 1));
    await client.query("insert into accounts (id, name, created_at) values ('acc_1', 'Acme', 1)");
    await migrate(client);
    expect((await client.query('select name from accounts')).rows).toEqual([{ name: 'Acme' }]);
  });

  it('is left alone where it belongs to another application', async () => {
    const client = await connected('foreign');
    await client.query('create table orders (id integer)');
    await expect(migrate(client)).rejects.toThrow(/another application .*orders.*HOOKWIRE_DATABASE_URL/s);
  });

  it('of a newer version, and of another build, is refused with what to do', async () => {
    const client = await connected('newer');
    await migrate(client);
    await expect(migrate(client, migrations.slice(0, -1))).rejects.toThrow(/newer Hookwire/);
    const [first, ...others] = migrations;
    const renamed = [{ ...(first ?? { number: 1, sql: '' }), name: 'other' }, ...others];
    await expect(migrate(client, renamed)).rejects.toThrow(/another build/);
  });

  it('is as it was before a step that failed, which says which', async () => {
    const client = await connected('failed');
    const bad = {
      number: next,
      name: 'bad',
      sql: 'create table half (id integer); select 1/0',
    };
    await expect(migrate(client, [...migrations, bad])).rejects.toThrow(
      new RegExp(`Step ${bad.number} .bad. .*division by zero`),
    );
    expect((await client.query("select to_regclass('half') as half")).rows).toEqual([{ half: null }]);
    await migrate(client);
  });

  it('waits for whoever uses a table, without keeping others from it', async () => {
    const [changing, reading, other] = [
      await connected('busy'),
      await connected('busy'),
      await connected('busy'),
    ];
    await migrate(changing);
    await reading.query('begin');
    await reading.query('select * from accounts');
    const step = {
      number: next,
      name: 'wide',
      sql: 'alter table accounts add column more text',
    };
    const migrating = migrate(changing, [...migrations, step]);
    await other.query("insert into accounts (id, name, created_at) values ('acc_2', 'Other', 1)");
    await reading.query('commit');
    await migrating;
    expect((await other.query('select id, more from accounts')).rows).toEqual([{ id: 'acc_2', more: null }]);
  });

  it('compares ids byte by byte', async () => {
    const client = await connected('collation');
    await migrate(client);
    const { rows } = await client.query(
      `select table_name || '.' || column_name as column from information_schema.columns
       where table_schema = 'public' and (column_name = 'id' or column_name like '%\\_id') and data_type <> 'integer'
         and collation_name is distinct from 'C' and column_name <> 'product_unique_id'`,
    );
    expect(rows).toEqual([]);
  });
});
