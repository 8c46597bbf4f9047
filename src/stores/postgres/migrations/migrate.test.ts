import type { Socket } from 'node:net';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { sequenceAt } from '../../../core/ids.ts';
import { eventually } from '../../../testing/eventually.ts';
import { onConnection } from '../connection.ts';
import { createPool } from '../pool.ts';
import { daysAhead, makePartitions } from '../retention/partitions.ts';
import { createTestDatabases } from '../testing/databases.ts';
import { startTransactionPooler } from '../testing/transaction-pooler.ts';
import { migrations } from './index.ts';
import { migrate } from './migrate.ts';

const databases = createTestDatabases();
const next = (migrations.at(-1)?.number ?? 0) + 1;
const wide = { number: next, name: 'wide', sql: 'alter table accounts add column more text' };
const clients: pg.Client[] = [];

async function connected(place: string): Promise<pg.Client> {
  const client = new pg.Client(await databases.of(place));
  client.on('error', () => {});
  await client.connect();
  clients.push(client);
  return client;
}

afterEach(async () => {
  for (const client of clients.splice(0)) await client.end().catch(() => {});
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
    const migrating = migrate(changing, [...migrations, wide]);
    await other.query("insert into accounts (id, name, created_at) values ('acc_2', 'Other', 1)");
    await reading.query('commit');
    await migrating;
    expect((await other.query('select id, more from accounts')).rows).toEqual([{ id: 'acc_2', more: null }]);
  });

  it('lets others write again and again while it waits, and says whom it waits for', async () => {
    const [changing, reading, other] = [
      await connected('long'),
      await connected('long'),
      await connected('long'),
    ];
    await migrate(changing);
    await reading.query("set application_name = 'a long backup'; begin; select * from accounts");
    const said: string[] = [];
    const migrating = migrate(changing, [...migrations, wide], { warn: (words) => said.push(words) });
    await eventually(
      () => said.length,
      (times) => times > 0,
    );
    for (let n = 0; n < 5; n++)
      await other.query("insert into accounts (id, name, created_at) values ($1, 'Other', 1)", [`acc_${n}`]);
    expect((await other.query('select count(*)::integer as all from accounts')).rows).toEqual([{ all: 5 }]);
    await reading.query('commit');
    await migrating;
    expect(said).toEqual([expect.stringMatching(/wide.* waits for a table.*\(a long backup\), since \d+ s/)]);
    expect((await other.query('select more from accounts limit 1')).rows).toEqual([{ more: null }]);
  });

  it('is left as it was, with words for whom it waited, when a table is in use for too long', async () => {
    const [changing, reading] = [await connected('never'), await connected('never')];
    await migrate(changing);
    await reading.query("set application_name = 'pg_dump'; begin; select * from accounts");
    await expect(migrate(changing, [...migrations, wide], { patienceMs: 1 })).rejects.toThrow(
      /wide.*in use all the time.*\(pg_dump\), since \d+ s\..* Start this one again/,
    );
    await reading.query('commit');
    await migrate(changing, [...migrations, wide]);
  });

  it('never ends a transaction of others that has its tables the other way round', async () => {
    const [changing, other] = [await connected('crossed'), await connected('crossed')];
    await migrate(changing);
    await other.query("begin; insert into accounts (id, name, created_at) values ('acc_1', 'Acme', 1)");
    const step = {
      number: next,
      name: 'two',
      sql: 'alter table senders add column more text; alter table accounts add column more text',
    };
    const said: string[] = [];
    const migrating = migrate(changing, [...migrations, step], { warn: (words) => said.push(words) });
    await eventually(
      () => said.length,
      (times) => times > 0,
    );
    for (let n = 0; n < 3; n++) await other.query('select * from senders for update');
    await other.query('commit');
    await migrating;
    expect((await other.query('select id, more from accounts')).rows).toEqual([{ id: 'acc_1', more: null }]);
  });

  it('goes on in another process when the one that changes it is killed in the middle', async () => {
    const [killed, second] = [await connected('killed'), await connected('killed')];
    await migrate(second);
    const endless = { number: next, name: 'endless', sql: `${wide.sql}; select pg_sleep(3600)` };
    const failed = migrate(killed, [...migrations, endless]).catch((error: Error) => error);
    await eventually(
      () =>
        second.query(
          "select 1 from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'",
        ),
      ({ rowCount }) => rowCount === 1,
    );
    const said: string[] = [];
    const migrating = migrate(second, [...migrations, wide], { warn: (words) => said.push(words) });
    await eventually(
      () => said.length,
      (times) => times > 0,
    );
    (killed as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
    await migrating;
    expect(said).toEqual([expect.stringMatching(/^Another process is changing the schema/)]);
    expect(await failed).toBeInstanceOf(Error);
    expect(
      (await second.query('select name from schema_migrations order by number desc limit 1')).rows,
    ).toEqual([{ name: 'wide' }]);
  });

  it('is changed for as long as that takes, whatever the pool, the database or a pooler allows a statement', async () => {
    const direct = await databases.of('slow');
    const admin = await connected('slow');
    await admin.query(`alter database ${new URL(direct).pathname.slice(1)} set statement_timeout = '200ms'`);
    const pooler = await startTransactionPooler(direct);
    const pool = createPool({ url: pooler.url, most: 2, answersWithinMs: 300, isPooled: true });
    const slow = { number: next, name: 'slow', sql: `${wide.sql}; select pg_sleep(0.5)` };
    try {
      await Promise.all(
        [1, 2].map(() => onConnection(pool, (client) => migrate(client, [...migrations, slow]))),
      );
      expect(await pooler.leftOnConnections()).toEqual([]);
    } finally {
      await pool.end();
      await pooler.close();
    }
    expect((await admin.query('select count(*)::integer as steps from schema_migrations')).rows).toEqual([
      { steps: next },
    ]);
  });

  it('gets an index of a filled table while it is written, on each of its partitions, also where one was left half built', async () => {
    const [changing, second, reading, other] = [
      await connected('indexed'),
      await connected('indexed'),
      await connected('indexed'),
      await connected('indexed'),
    ];
    await migrate(changing);
    await makePartitions(changing, Date.now());
    const insert = (seq: number) =>
      other.query(
        `insert into events (account, seq, accepted_at, deliveries, number_key, body) values ('acc_1', $1, 1, 1, 7, '{}')`,
        [seq],
      );
    await insert(sequenceAt(Date.now()));
    // Of somebody who was killed: PostgreSQL does not use it.
    await other.query('create index events_other_events_later on events_other (account, accepted_at)');
    await other.query(
      "update pg_index set indisvalid = false where indexrelid = 'events_other_events_later'::regclass",
    );
    await reading.query('begin isolation level repeatable read; select count(*) from events');
    const step = {
      ...{ number: next, name: 'indexed', sql: 'create table built (id integer)' },
      index: { name: 'events_later', table: 'events', of: '(account, accepted_at)' },
    };
    const both = [changing, second].map((client) => migrate(client, [...migrations, step]));
    await eventually(
      () =>
        other.query(
          "select 1 from pg_stat_activity where datname = current_database() and query like 'create index concurrently%'",
        ),
      ({ rowCount }) => (rowCount ?? 0) > 0,
    );
    for (let n = 0; n < 5; n++) await insert(sequenceAt(Date.now()) + n * 64);
    await reading.query('commit');
    await Promise.all(both);
    const { rows } = await other.query(
      `select count(*)::integer as parts, bool_and(i.indisvalid) as valid from pg_index i where i.indexrelid = 'events_later'::regclass
         or i.indexrelid in (select inhrelid from pg_inherits where inhparent = 'events_later'::regclass)`,
    );
    expect(rows).toEqual([{ parts: daysAhead + 3, valid: true }]);
    expect(
      (
        await other.query(
          "select count(*)::integer as locks from pg_locks join pg_database d on d.oid = database where locktype = 'advisory' and datname = current_database()",
        )
      ).rows,
    ).toEqual([{ locks: 0 }]);
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
