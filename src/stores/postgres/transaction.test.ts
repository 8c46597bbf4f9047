import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPool } from './pool.ts';
import { createTestDatabases } from './testing/databases.ts';
import { inTransaction } from './transaction.ts';

const databases = createTestDatabases();
let pool: pg.Pool;

beforeAll(async () => {
  pool = createPool({ url: await databases.of('one'), most: 2 });
  await pool.query('create table counts (count integer not null)');
});
afterAll(async () => {
  await pool.end();
  await databases.remove();
});

it('fails with its connection, and leaves the process and the pool well', async () => {
  const began = Promise.withResolvers<number>();
  const cut = inTransaction(pool, 'read committed', async (client) => {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    began.resolve(rows[0]?.pid ?? 0);
    await client.query('select pg_sleep(3600)');
  });
  const refused = expect(cut).rejects.toThrow();
  await pool.query('select pg_terminate_backend($1)', [await began.promise]);
  await refused;
  expect(pool.totalCount).toBe(1);
  expect(
    await inTransaction(pool, 'serializable', async (client) => (await client.query('select 1')).rowCount),
  ).toBe(1);
});

it('leaves nothing of work that failed', async () => {
  const failed = inTransaction(pool, 'read committed', async (client) => {
    await client.query('insert into counts values (1)');
    throw new Error('no');
  });
  await expect(failed).rejects.toThrow('no');
  expect((await pool.query('select * from counts')).rows).toEqual([]);
});

it('is done again where another one got in its way', async () => {
  await pool.query('insert into counts values (0)');
  let tries = 0;
  let other: Promise<unknown> | null = null;
  const raise = (client: pg.ClientBase) => client.query('update counts set count = count + 1');
  await inTransaction(
    pool,
    'serializable',
    async (client) => {
      tries++;
      await client.query('select count from counts');
      other ??= inTransaction(pool, 'serializable', raise);
      await other;
      await raise(client);
    },
    { random: () => 0 },
  );
  expect(tries).toBe(2);
  expect((await pool.query('select count from counts')).rows).toEqual([{ count: 2 }]);
});

/** A hundred times as fast as it is. */
const hundredfold = `select set_config('idle_in_transaction_session_timeout', (10 * extract(epoch from
  current_setting('idle_in_transaction_session_timeout')::interval))::integer::text, true)`;

it('gives way to others where its process stops in the middle', async () => {
  const began = Promise.withResolvers<void>();
  const goesOn = Promise.withResolvers<void>();
  const stopped = inTransaction(
    pool,
    'read committed',
    async (client) => {
      await client.query('update counts set count = 100');
      began.resolve();
      await goesOn.promise;
      await client.query('select 1');
    },
    { settings: hundredfold },
  );
  stopped.catch(() => {});
  await began.promise;
  expect((await pool.query('update counts set count = 200 returning count')).rows).toEqual([{ count: 200 }]);
  goesOn.resolve();
  await expect(stopped).rejects.toThrow();
  expect((await pool.query('select count from counts')).rows).toEqual([{ count: 200 }]);
});
