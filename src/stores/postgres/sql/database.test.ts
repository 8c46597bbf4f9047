import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SqlDatabase } from '../../sql/sql-database.ts';
import { createPool } from '../pool.ts';
import { createTestDatabases } from '../testing/databases.ts';
import { createPostgresDatabase } from './database.ts';

const databases = createTestDatabases();
const disposal = new AsyncDisposableStack();
let database: SqlDatabase;
let other: SqlDatabase;

async function open(): Promise<SqlDatabase> {
  const pool = createPool({ url: await databases.laidOut('one'), most: 10 });
  disposal.defer(() => pool.end());
  return createPostgresDatabase(pool);
}

beforeAll(async () => {
  disposal.defer(() => databases.remove());
  [database, other] = [await open(), await open()];
});
beforeEach(async () => {
  await database.db.deleteFrom('used_portal_links').execute();
});
afterAll(() => disposal.disposeAsync());

const link = (id: string, of = database) =>
  of.db.insertInto('used_portal_links').values({ id, expires_at: 1 });
const ids = async () => {
  const rows = await database.db.selectFrom('used_portal_links').select('id').orderBy('id').execute();
  return rows.map(({ id }) => id);
};

describe('changes on a condition', () => {
  it('happen all with it, or none without', async () => {
    const room = database.db.selectNoFrom(sql`1`.as('one')).where(sql<boolean>`false`);
    expect(await database.applyIf(room, [link('a')])).toBeNull();
    expect(await ids()).toEqual([]);
    const [[row]] = (await database.applyIf(link('a'), [link('b').returningAll()])) ?? [[]];
    expect(row).toEqual({ id: 'b', expires_at: 1 });
    await expect(database.applyIf(link('c'), [link('d'), link('a')])).rejects.toMatchObject({
      code: '23505',
    });
    expect(await ids()).toEqual(['a', 'b']);
  });

  it('hold of what was looked at when they are made, of many at once in two processes', async () => {
    const withRoom = (of: SqlDatabase) =>
      of.db
        .selectNoFrom(sql`1`.as('one'))
        .where(sql<number>`(select count(*) from used_portal_links)`, '<', 5);
    const made = await Promise.all(
      Array.from({ length: 60 }, (_, i) => {
        const of = i % 2 ? database : other;
        return of.applyIf(withRoom(of), [link(`l${i}`, of)]);
      }),
    );
    expect(made.filter(Boolean)).toHaveLength(5);
    expect(await ids()).toHaveLength(5);
  });
});

describe('lists', () => {
  const numbers = (to: number, text: string, of = database) =>
    of.db.selectNoFrom([
      sql<number>`generate_series(1, ${to}::integer)`.as('number'),
      sql<string>`${text}::text`.as('text'),
    ]);

  it('are given whole, in their order', async () => {
    const { rows, cut } = await database.listRows('acc_1', numbers(250, ''));
    expect(cut).toBe(false);
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 250 }, (_, i) => i + 1));
  });

  it('end at a mebibyte', async () => {
    const { rows, cut } = await database.listRows(null, numbers(500, 'x'.repeat(10_000)));
    expect(cut).toBe(true);
    expect(rows.length).toBe(105);
  });

  it('that fail leave the connection to others', async () => {
    const fails = database.db.selectNoFrom(sql`1 / 0`.as('never'));
    for (let i = 0; i < 20; i++)
      await expect(database.listRows(null, fails)).rejects.toMatchObject({ code: '22012' });
    expect((await database.listRows(null, numbers(1, ''))).rows).toHaveLength(1);
  });
});

it('keeps and finds a text with a NUL character in it', async () => {
  await link('a\u0000b').execute();
  const found = await database.db
    .selectFrom('used_portal_links')
    .select('id')
    .where('id', '=', 'a\u0000b')
    .execute();
  expect(found).toEqual([{ id: 'a\uFFFDb' }]);
  const { rows } = await sql`select value from ${database.words.texts(['a\u0000b'])}`.execute(database.db);
  expect(rows).toEqual([{ value: 'a\uFFFDb' }]);
});

it('refuses what would keep a transaction open', async () => {
  await expect(database.db.transaction().execute(async () => {})).rejects.toThrow('applyIf');
});
