import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AnswerLostError, onConnection } from './connection.ts';
import { createPool } from './pool.ts';
import { createTestDatabases } from './testing/databases.ts';
import { inTransaction } from './transaction.ts';

const databases = createTestDatabases();
let pool: Pool;
let other: Pool;

beforeAll(async () => {
  const url = await databases.of('connections');
  [pool, other] = [createPool({ url, most: 1 }), createPool({ url, most: 1 })];
});
afterAll(async () => {
  await Promise.all([pool.end(), other.end()]);
  await databases.remove();
});

const processOf = (): Promise<number> =>
  onConnection(pool, async (client) => {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    return rows[0]?.pid ?? 0;
  });

describe('work on a connection', () => {
  it('that fails by itself leaves the connection to the next, and its error what it is', async () => {
    const before = await processOf();
    const mistake = new RangeError('no');
    await expect(onConnection(pool, () => Promise.reject(mistake))).rejects.toBe(mistake);
    await expect(onConnection(pool, (client) => client.query('select 1 / 0'))).rejects.toMatchObject({
      code: '22012',
    });
    expect(await processOf()).toBe(before);
  });

  it.each([
    ['alone', onConnection],
    [
      'in a transaction',
      (of: Pool, work: Parameters<typeof onConnection>[1]) => inTransaction(of, 'read committed', work),
    ],
  ])(
    '%s that is cut off between two questions ends with a lost answer, and nothing else does',
    async (_how, run) => {
      const before = await processOf();
      const working = run(pool, async (client) => {
        const ended = new Promise((resolve) => client.once('end', resolve));
        await other.query('select pg_terminate_backend($1)', [before]);
        await ended;
        return client.query('select 1');
      });
      await expect(working).rejects.toBeInstanceOf(AnswerLostError);
      expect(await processOf()).not.toBe(before);
    },
  );
});

describe('a commit', () => {
  it.each([
    ['off', 'on'],
    ['remote_apply', 'remote_apply'],
    ['on', 'on'],
  ])('is on disk where the database has synchronous_commit = %s', async (ofDatabase, inUse) => {
    const url = await databases.of(`synchronous ${ofDatabase}`);
    const setting = createPool({ url, most: 1 });
    const name = new URL(url).pathname.slice(1);
    await setting.query(`alter database ${name} set synchronous_commit = ${ofDatabase}`);
    await setting.end();
    const using = createPool({ url, most: 1 });
    const { rows } = await using.query('show synchronous_commit');
    await using.end();
    expect(rows).toEqual([{ synchronous_commit: inUse }]);
  });
});
