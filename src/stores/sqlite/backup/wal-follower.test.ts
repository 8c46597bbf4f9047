import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asSingleFile } from './sqlite-header.ts';
import { followWal, type WalFollower } from './wal-follower.ts';

const pageSize = 4096;

describe('followWal', () => {
  let place: string;
  let file: string;
  let writer: DatabaseSync;
  let follower: WalFollower;

  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'hookwire-wal-'));
    file = join(place, 'some.db');
    writer = new DatabaseSync(file);
    // The smallest share that SQLite does by itself, so that much of it happens between two looks.
    writer.exec('pragma journal_mode = wal; pragma synchronous = off; pragma wal_autocheckpoint = 5');
    writer.exec('create table rows (id integer primary key, text blob)');
    write(200);
    follower = followWal(file, pageSize);
  });
  afterEach(() => {
    follower.close();
    writer.close();
    rmSync(place, { recursive: true });
  });

  /** Transactions, each of which changes a few rows somewhere and adds one. */
  function write(transactions: number): void {
    const insert = writer.prepare('insert into rows (text) values (randomblob(3000))');
    const update = writer.prepare(
      'update rows set text = randomblob(3000) where id = abs(random()) % (select max(id) from rows) + 1',
    );
    for (let i = 0; i < transactions; i++) {
      writer.exec('begin immediate');
      insert.run();
      for (let n = 0; n < 3; n++) update.run();
      writer.exec('commit');
    }
  }

  function generation(): string {
    return readFileSync(`${file}-wal`).toString('hex', 16, 24);
  }

  it('knows every page that changed since, over many beginnings of the log', async () => {
    follower.advance();
    await follower.freeze();
    follower.changed.clear();
    const copy = readFileSync(file);
    const generations = new Set<string>();
    for (let round = 0; round < 30; round++) {
      write(1 + (round % 7) * 20);
      follower.advance();
      generations.add(generation());
      if (round % 4 === 0) await follower.freeze();
    }
    await follower.freeze();
    const now = readFileSync(file);
    const patched = Buffer.alloc(now.length);
    copy.copy(patched);
    for (const page of follower.changed)
      now.copy(patched, (page - 1) * pageSize, (page - 1) * pageSize, page * pageSize);
    expect(patched.equals(now)).toBe(true);
    expect(follower.changed.size).toBeLessThan(now.length / pageSize + 1);
    expect(generations.size).toBeGreaterThan(5);
  });

  it('holds the file still from a freeze to the next advance, and what stands in it is all that was committed', async () => {
    await follower.freeze();
    const still = readFileSync(file);
    const rows = Number(writer.prepare('select count(*) as n from rows').get()?.n);
    writeFileSync(join(place, 'copy.db'), asSingleFile(still));
    const copy = new DatabaseSync(join(place, 'copy.db'));
    expect(copy.prepare('select count(*) as n from rows').get()?.n).toBe(rows);
    copy.close();
    write(100);
    expect(readFileSync(file).equals(still)).toBe(true);
    follower.advance();
    write(100);
    follower.advance();
    await follower.freeze();
    expect(readFileSync(file).equals(still)).toBe(false);
    expect(writer.prepare('select count(*) as n from rows').get()?.n).toBe(rows + 200);
  });

  it('lets the log begin again at its start after a freeze, and not before', async () => {
    write(50);
    const first = generation();
    const sizes = [];
    for (let round = 0; round < 5; round++) {
      write(50);
      follower.advance();
      expect(generation()).toBe(first);
      sizes.push(statSync(`${file}-wal`).size);
    }
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    await follower.freeze();
    write(1);
    expect(generation()).not.toBe(first);
  });

  it('notes only what lies before the page that is still to be read', async () => {
    follower.close();
    follower = followWal(file, pageSize, () => 10);
    write(100);
    await follower.freeze();
    expect(Math.max(...follower.changed)).toBeLessThan(10);
  });
});
