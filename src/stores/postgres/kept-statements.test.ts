import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stateCode } from '../codes.ts';
import { askKept, isNotKept, keepStatements } from './kept-statements.ts';
import { loadArrived } from './log/loads.ts';
import { type RecordRow, recordAttempts } from './log/record-attempts.ts';
import { createPool } from './pool.ts';
import { createTestDatabases } from './testing/databases.ts';

const databases = createTestDatabases();
let time = 0;
let pool: pg.Pool;
let client: pg.PoolClient;

beforeAll(async () => {
  // So that it keeps no statements by itself, and these do by the test's time.
  pool = createPool({ url: await databases.laidOut('one'), most: 4, isPooled: true });
  keepStatements(pool, () => time);
  client = await pool.connect();
});
afterAll(async () => {
  client.release();
  await pool.end();
  await databases.remove();
});

/** An attempt that delivered what waits with this number. */
function attemptOf(delivery: number): RecordRow {
  return {
    ...{ account: 'acc_1', webhook: 'wh_1', epoch: null, delivery, number: 1, webhookVersion: 1, manual: 0 },
    ...{
      startedAt: 1,
      durationMs: 5,
      statusCode: 200,
      errorClass: null,
      errorDetail: null,
      responseBody: null,
    },
    ...{ state: stateCode('delivered'), due: 6, reason: null, counts: true, listMost: null, ordered: false },
  };
}

async function namesOf(of: pg.ClientBase): Promise<string[]> {
  const { rows } = await of.query<{ name: string }>('select name from pg_prepared_statements order by name');
  return rows.map(({ name }) => name);
}

/** Tables that the plan reads from end to end which a connection has for a statement. */
async function readWhole(
  of: pg.ClientBase = client,
  name = 'record_attempts',
  params = 19,
): Promise<string[]> {
  const { rows } = await of.query<{ 'QUERY PLAN': string }>(
    `explain execute ${name}(${Array(params).fill('null').join(', ')})`,
  );
  return rows.flatMap((row) => /Seq Scan on (\w+)/.exec(row['QUERY PLAN'])?.[1] ?? []);
}

it('keeps what is asked often, and only where it is told to', async () => {
  await recordAttempts(client, [attemptOf(32)], false);
  expect(await namesOf(client)).toEqual(['record_attempts']);
  const other = createPool({ url: await databases.laidOut('one'), most: 1, isPooled: true });
  const plain = await other.connect();
  await recordAttempts(plain, [attemptOf(32)], false);
  expect(await namesOf(plain)).toEqual([]);
  plain.release();
  await other.end();
});

describe('a table that was empty when a plan was made, and has grown before anybody has gathered statistics', () => {
  const many = 100_000;

  beforeAll(async () => {
    await pool.query('alter table waiting set (autovacuum_enabled = off)');
    await client.query('set plan_cache_mode = force_generic_plan');
    // Then PostgreSQL takes it for empty; one that nobody has looked at it takes for somewhat filled.
    await pool.query('vacuum analyze waiting');
    time += 31_000;
    await recordAttempts(client, [attemptOf(32)], false);
    await pool.query(
      `insert into waiting (account, webhook, seq, event, state, attempts, since_replay, manual, due)
       select 'acc_1', 'wh_1', 32 * n, 32 * n - 32, ${stateCode('pending')}, 0, 0, 0, 0 from generate_series(1, $1::integer) n`,
      [many],
    );
  });

  it('is read whole by a plan that is kept', async () => {
    await recordAttempts(client, [attemptOf(32)], false);
    expect(await readWhole()).toContain('waiting');
  });

  it('is read by its index half a minute later', async () => {
    time += 30_001;
    await recordAttempts(client, [attemptOf(64)], false);
    expect(await readWhole()).not.toContain('waiting');
    const { rows } = await pool.query('select count(*) as left from waiting');
    expect(rows).toEqual([{ left: many - 2 }]);
  });
});

it('never plans to read it whole where all is to be found by an index', async () => {
  const url = await databases.laidOut('by index');
  const own = createPool({ url, most: 1, byIndex: true });
  const connection = await own.connect();
  await connection.query('vacuum analyze waiting');
  await connection.query('set plan_cache_mode = force_generic_plan');
  await recordAttempts(connection, [attemptOf(32)], false);
  await loadArrived(connection, [{ account: 'acc_1', webhook: 'wh_1', seq: 32 }], 1_000);
  expect(await readWhole(connection)).not.toContain('waiting');
  expect(await readWhole(connection, 'load_arrived', 6)).toEqual([]);
  connection.release();
  await own.end();
});

it('plans anew what was slow', async () => {
  const query = vi.spyOn(client, 'query');
  const discards = () => query.mock.calls.filter(([text]) => (text as unknown) === 'discard plans').length;
  const statement = { name: 'slow', text: 'select $1::integer' };
  await askKept(client, statement, [1]);
  expect(discards()).toBe(0);
  const running = askKept(client, statement, [1]);
  time += 51;
  await running;
  await askKept(client, statement, [1]);
  await askKept(client, statement, [1]);
  expect(discards()).toBe(1);
  query.mockRestore();
});

it('sees a partition that is made later', async () => {
  await pool.query('create table days (day integer) partition by range (day)');
  await pool.query('create table days_other partition of days default');
  const statement = {
    name: 'insert_day',
    text: 'insert into days values ($1) returning tableoid::regclass::text as part',
  };
  for (let i = 0; i < 6; i++) {
    expect((await askKept(client, statement, [1])).rows).toEqual([{ part: 'days_other' }]);
  }
  await pool.query('create table days_2 partition of days for values from (2) to (3)');
  expect((await askKept(client, statement, [2])).rows).toEqual([{ part: 'days_2' }]);
});

describe('a migration that changes what a statement answers with', () => {
  const statement = { name: 'read_value', text: 'select value from changing' };

  it('fails none that is a transaction by itself', async () => {
    const own = await pool.connect();
    await pool.query('create table changing as select 1 as value');
    expect((await askKept(own, statement, [])).rows).toEqual([{ value: 1 }]);
    await pool.query('alter table changing alter value type text');
    expect((await askKept(own, statement, [])).rows).toEqual([{ value: '1' }]);
    own.release(true);
  });

  it('fails a transaction once, and says that nothing was done', async () => {
    const own = await pool.connect();
    await askKept(own, statement, []);
    await pool.query('alter table changing alter value type bigint using value::bigint');
    await own.query('begin');
    const error = await askKept(own, statement, []).catch((thrown: unknown) => thrown);
    expect(isNotKept(error)).toBe(true);
    await own.query('rollback');
    await own.query('begin');
    expect((await askKept(own, statement, [])).rows).toEqual([{ value: 1 }]);
    own.release(true);
  });
});

it('does without where somebody between has lost it', async () => {
  const own = await pool.connect();
  const statement = { name: 'lost', text: 'select $1::integer as n' };
  await askKept(own, statement, [1]);
  await own.query('deallocate lost');
  expect((await askKept(own, statement, [2])).rows).toEqual([{ n: 2 }]);
  expect((await askKept(own, statement, [3])).rows).toEqual([{ n: 3 }]);
  own.release();
});
