import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ThreadError } from '../../../core/threads/thread-error.ts';
import { openReader } from '../reader/reader.ts';
import { createStoreDialect } from '../thread/kysely-dialect.ts';
import type { Statement } from '../thread/statements.ts';
import { connectDesk, type Desk, openDesk } from './desk.ts';

const uniqueTaken = 2067;

function statement(sql: string, ...parameters: Statement['parameters']): Statement {
  return { sql, parameters };
}

describe('the desk', () => {
  let dir: string;
  let file: string;
  let desk: Desk;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'hookwire-desk-'));
    file = join(dir, 'hookwire.db');
    desk = await openDesk(file);
  });
  beforeEach(async () => {
    await desk.query('drop table if exists t', []);
    await desk.query('create table t (id integer primary key, name text unique) strict', []);
  });
  afterAll(async () => {
    await desk.close();
    rmSync(dir, { recursive: true });
  });

  async function names(): Promise<unknown[]> {
    const { rows } = await desk.query('select name from t order by id', []);
    return rows.map((row) => row.name);
  }

  it('tells what a statement did', async () => {
    const insert = await desk.query('insert into t (name) values (?), (?)', ['a', 'b']);
    expect(insert).toEqual({ rows: [], changes: 2, lastInsertRowid: 2 });
    const update = await desk.query('update t set name = upper(name) where id > ? returning name', [1]);
    expect(update).toMatchObject({ rows: [{ name: 'B' }], changes: 1 });
  });

  it('runs a whole transaction when its condition holds', async () => {
    const results = await desk.applyIf(statement("insert into t (name) values ('a') returning id"), [
      statement('insert into t (name) values (?)', 'b'),
      statement('select count(*) as n from t'),
    ]);
    expect(results?.map((result) => result.rows)).toEqual([[], [{ n: 2 }]]);
    expect(await names()).toEqual(['a', 'b']);
  });

  it('runs nothing of a transaction when its condition does not hold', async () => {
    const never = statement("update t set name = 'x' where id = 99");
    expect(await desk.applyIf(never, [statement("insert into t (name) values ('b')")])).toBeNull();
    expect(await names()).toEqual([]);
  });

  it('undoes a transaction that fails half way, and goes on with the next request', async () => {
    const insert = statement("insert into t (name) values ('a')");
    await expect(desk.applyIf(insert, [insert])).rejects.toMatchObject({ sqliteCode: uniqueTaken });
    expect(await names()).toEqual([]);
    await desk.query(insert.sql, []);
    expect(await names()).toEqual(['a']);
  });

  it('hands over what SQLite says, with its code', async () => {
    await desk.query("insert into t (name) values ('a')", []);
    const error = await desk
      .query("insert into t (name) values ('a')", [])
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ThreadError);
    expect(error).toMatchObject({ sqliteCode: uniqueTaken, message: 'UNIQUE constraint failed: t.name' });
    await expect(desk.query('selec 1', [])).rejects.toThrow(/syntax error/);
  });

  it('keeps working over more different statements than it keeps prepared', async () => {
    for (let i = 0; i < 250; i++) await desk.query(`select ${i}`, []);
    const { rows } = await desk.query('select 0', []);
    expect(rows).toEqual([{ 0: 0 }]);
  });

  it('opens its database as the pragmas say', async () => {
    expect((await desk.query('pragma busy_timeout', [])).rows).toEqual([{ timeout: 10_000 }]);
    expect((await desk.query('pragma journal_mode', [])).rows).toEqual([{ journal_mode: 'wal' }]);
  });

  it('finishes what was asked before it closes, and takes nothing after', async () => {
    const failures: Error[] = [];
    const other = await openDesk(file, { onFailure: (error) => failures.push(error) });
    const insert = other.query("insert into t (name) values ('last')", []);
    const closed = other.close();
    await expect(other.query('select 1', [])).rejects.toThrow('The desk is closed.');
    expect(await insert).toMatchObject({ changes: 1 });
    await closed;
    await other.close();
    expect(failures).toEqual([]);
    expect(await names()).toEqual(['last']);
  });

  it('rejects when the file cannot be opened', async () => {
    const nowhere = join(dir, 'missing', 'hookwire.db');
    await expect(openDesk(nowhere)).rejects.toThrow(/unable to open database file/);
  });

  it('rejects everything and says so once when the thread dies', async () => {
    const dying = `
      const { parentPort } = require('node:worker_threads');
      parentPort.once('message', ({ id }) => {
        parentPort.postMessage({ id, value: null });
        parentPort.on('message', () => process.exit(3));
      });`;
    const { promise: failure, resolve: onFailure } = Promise.withResolvers<Error>();
    const other = await connectDesk(new Worker(dying, { eval: true }), { onFailure });
    const asked = [other.query('select 1', []), other.applyIf(statement('select 1'), [])];
    for (const result of await Promise.allSettled(asked)) {
      expect(result).toMatchObject({ status: 'rejected', reason: { name: 'ThreadError' } });
    }
    expect((await failure).message).toBe('The desk thread ended with exit code 3.');
    await expect(other.query('select 1', [])).rejects.toThrow('exit code 3');
    await other.close();
  });

  it('says so too when the thread dies in the turn in which it answered first', async () => {
    const worker = Object.assign(new EventEmitter(), {
      postMessage({ id }: { id: number }) {
        setImmediate(() => {
          worker.emit('message', { id, value: null });
          worker.emit('exit', 3);
        });
      },
    });
    const failures: string[] = [];
    const onFailure = ({ message }: Error): void => void failures.push(message);
    await connectDesk(worker as unknown as Worker, { onFailure });
    expect(failures).toEqual(['The desk thread ended with exit code 3.']);
  });

  it('says nothing when the thread dies before it answered, but rejects', async () => {
    const failures: Error[] = [];
    const worker = new Worker('process.exit(3)', { eval: true });
    const onFailure = (error: Error): void => void failures.push(error);
    await expect(connectDesk(worker, { onFailure })).rejects.toThrow('exit code 3');
    expect(failures).toEqual([]);
  });

  it('serves Kysely, and refuses a transaction that would stay open over turns', async () => {
    const reader = await openReader(file);
    const dialect = createStoreDialect({ desk, reader });
    const db = new Kysely<{ t: { id: number | null; name: string } }>({ dialect });
    const inserted = await db.insertInto('t').values({ id: null, name: 'a' }).executeTakeFirst();
    expect(inserted.insertId).toBe(1n);
    const deleted = await db.deleteFrom('t').where('name', '=', 'a').executeTakeFirst();
    expect(deleted.numDeletedRows).toBe(1n);
    const tables = await db.introspection.getTables();
    expect(tables.map((table) => table.name)).toEqual(['t']);
    const open = db
      .transaction()
      .execute((trx) => trx.insertInto('t').values({ id: null, name: 'b' }).execute());
    await expect(open).rejects.toThrow('use applyIf');
    expect(await names()).toEqual([]);
    await reader.close();
  });
});

describe('a message between the desk and the main thread', () => {
  const nested = (levels: number): never => JSON.parse('['.repeat(levels) + ']'.repeat(levels)) as never;
  const unreadableForMain = `
    const { parentPort } = require('node:worker_threads');
    parentPort.on('message', ({ id, call, args: [statement] }) => {
      if (call === 'close') return parentPort.close();
      const deep = statement.sql === 'deep';
      parentPort.postMessage({ id, value: deep ? JSON.parse('['.repeat(8000) + ']'.repeat(8000)) : id });
    });`;

  it('that the main thread cannot read fails its request alone', async () => {
    const failures: Error[] = [];
    const options = { onFailure: (error: Error) => failures.push(error) };
    const worker = new Worker(unreadableForMain, { eval: true, resourceLimits: { stackSizeMb: 16 } });
    const desk = await connectDesk(worker, options);
    const asked = ['before', 'deep', 'after'].map((sql) => desk.query(sql, []));
    const results = await Promise.allSettled(asked);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { message: expect.stringMatching(/cannot be read/) } });
    expect(await desk.query('more', [])).toBe(5);
    expect(failures).toEqual([]);
    await worker.terminate();
  });

  it('that the desk cannot read fails its request alone', async () => {
    const failures: Error[] = [];
    const dir = mkdtempSync(join(tmpdir(), 'hookwire-desk-'));
    const worker = new Worker(new URL('./desk-worker.ts', import.meta.url), {
      workerData: { file: join(dir, 'hookwire.db') },
      resourceLimits: { stackSizeMb: 0.5 },
    });
    const desk = await connectDesk(worker, { onFailure: (error) => failures.push(error) });
    const results = await Promise.allSettled([
      desk.query('select 1', []),
      desk.query('select ?', nested(3_000)),
      desk.query('select 2', []),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[2]).toMatchObject({ value: { rows: [{ 2: 2 }] } });
    expect(failures).toEqual([]);
    await desk.close();
    rmSync(dir, { recursive: true });
  });
});
