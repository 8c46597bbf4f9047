import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { unsynced } from './unsynced.ts';

function open() {
  const db = new DatabaseSync(':memory:');
  db.exec('PRAGMA synchronous = full; CREATE TABLE t (n)');
  const value = (sql: string): unknown => Object.values(db.prepare(sql).get() ?? {})[0];
  return { db, synchronous: () => value('PRAGMA synchronous'), rows: () => value('SELECT count(*) FROM t') };
}

const [normal, full] = [1, 2];

it('waits for no disk itself, and those behind it do', () => {
  const { db, synchronous, rows } = open();
  const during = unsynced(db, () => {
    db.exec('INSERT INTO t VALUES (1)');
    return synchronous();
  });
  expect([during, synchronous(), rows()]).toEqual([normal, full, 1]);
});

it('leaves nothing where it fails, and those behind it wait for the disk', () => {
  const { db, synchronous, rows } = open();
  const fail = (): void => {
    db.exec('INSERT INTO t VALUES (1)');
    throw new Error('no');
  };
  expect(() => unsynced(db, fail)).toThrow('no');
  expect([db.isTransaction, synchronous(), rows()]).toEqual([false, full, 0]);
});
