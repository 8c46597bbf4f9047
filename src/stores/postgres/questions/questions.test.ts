import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPool } from '../pool.ts';
import { createTestDatabases } from '../testing/databases.ts';
import { createQuestions, type Questions } from './questions.ts';

const databases = createTestDatabases();
let pool: Pool;
let others: Pool;
let questions: Questions;

beforeAll(async () => {
  const url = await databases.laidOut('questions');
  pool = createPool({ url, most: 4 });
  others = createPool({ url, most: 2 });
  questions = createQuestions(pool);
});
afterAll(async () => {
  await Promise.all([pool.end(), others.end()]);
  await databases.remove();
});

it('sees one moment, whatever is written meanwhile', async () => {
  const counts = await questions.ask(null, async ({ read }) => {
    const count = () => read<{ n: number }>('select count(*) as n from accounts');
    const before = await count();
    await others.query("insert into accounts (id, name, created_at) values ('acc_1', 'Acme', 0)");
    return [...before, ...(await count())];
  });
  expect(counts).toEqual([{ n: 0 }, { n: 0 }]);
});

it('changes nothing', async () => {
  const writing = questions.ask(null, ({ read }) => read('delete from accounts'));
  await expect(writing).rejects.toMatchObject({ cause: { code: '25006' } });
});

it('leaves half of the connections to others, whatever an account asks', async () => {
  const holder = await others.connect();
  await holder.query('select pg_advisory_lock(1)');
  const slow = Array.from({ length: 6 }, () =>
    questions.ask('acc_1', ({ read }) => read('select pg_advisory_xact_lock_shared(1)')),
  );
  expect(await questions.ask('acc_2', ({ read }) => read('select 2 as two'))).toEqual([{ two: 2 }]);
  expect(await questions.ask(null, ({ read }) => read('select 3 as three'))).toEqual([{ three: 3 }]);
  await holder.query('select pg_advisory_unlock(1)');
  holder.release();
  expect(await Promise.all(slow)).toHaveLength(6);
});

it('goes on after a question that failed', async () => {
  for (let i = 0; i < 10; i++) {
    const failing = questions.ask('acc_1', ({ read }) => read('select 1 / 0'));
    await expect(failing).rejects.toMatchObject({ code: '22012' });
  }
  expect(await questions.ask('acc_1', ({ read }) => read('select 1 as one'))).toEqual([{ one: 1 }]);
});
