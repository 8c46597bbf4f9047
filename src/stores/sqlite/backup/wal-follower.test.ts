import { createHash } from 'node:crypto';
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

  function contents(db: DatabaseSync): string {
    const hash = createHash('sha256');
    for (const { id, text } of db.prepare('select id, text from rows order by id').iterate()) {
      hash.update(`${id}:`).update(text as Uint8Array);
    }
    return hash.digest('hex');
  }

  function generation(): string {
    return readFileSync(`${file}-wal`).toString('hex', 16, 24);
  }

  it('knows every page that changed since, over many beginnings of the log', async () => {
    follower.advance();
    await follower.beginAgain();
    follower.changed.clear();
    const copy = readFileSync(file);
    const generations = new Set<string>();
    for (let round = 0; round < 30; round++) {
      write(1 + (round % 7) * 20);
      follower.advance();
      generations.add(generation());
      if (round % 4 === 0) await follower.beginAgain();
    }
    await follower.beginAgain();
    const now = readFileSync(file);
    const patched = Buffer.alloc(now.length);
    copy.copy(patched);
    for (const page of follower.changed)
      now.copy(patched, (page - 1) * pageSize, (page - 1) * pageSize, page * pageSize);
    expect(patched.equals(now)).toBe(true);
    expect(follower.changed.size).toBeLessThan(now.length / pageSize + 1);
    expect(generations.size).toBeGreaterThan(5);
  });

  it('brings all that was committed into the file, which then stands still until the next advance', async () => {
    await follower.beginAgain();
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
    await follower.beginAgain();
    expect(readFileSync(file).equals(still)).toBe(false);
    expect(writer.prepare('select count(*) as n from rows').get()?.n).toBe(rows + 200);
  });

  it('knows the state of one moment by the file and the log, whatever is written then', async () => {
    follower.advance();
    await follower.beginAgain();
    follower.changed.clear();
    const base = readFileSync(file);
    for (let round = 0; round < 8; round++) {
      write(1 + round * 15);
      follower.advance();
      if (round === 4) await follower.beginAgain();
    }
    // Somebody reads, so no checkpoint goes beyond this moment; the database grows beyond its file.
    const reader = new DatabaseSync(file);
    reader.exec('begin');
    reader.prepare('select count(*) from rows').get();
    write(50);
    const then = contents(writer);
    const { bytes, inLog, page } = await follower.snapshot();
    reader.close();
    write(300);
    const now = readFileSync(file);
    const copy = Buffer.alloc(bytes);
    base.copy(copy);
    const put = (number: number, from: Buffer): void => void from.copy(copy, (number - 1) * pageSize);
    for (const number of follower.changed) {
      put(number, now.subarray((number - 1) * pageSize, number * pageSize));
    }
    for (const [number, frame] of inLog) put(number, page(frame));
    expect(inLog.size).toBeGreaterThan(0);
    writeFileSync(join(place, 'copy.db'), asSingleFile(copy));
    const restored = new DatabaseSync(join(place, 'copy.db'));
    expect(restored.prepare('pragma integrity_check').get()).toEqual({ integrity_check: 'ok' });
    expect(contents(restored)).toBe(then);
    restored.close();
  });

  it('lets the log begin again when it is told to, and not before', async () => {
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
    await follower.beginAgain();
    write(1);
    expect(generation()).not.toBe(first);
  });

  it('notes only what lies before the page that is still to be read', async () => {
    follower.close();
    follower = followWal(file, pageSize, () => 10);
    write(100);
    await follower.beginAgain();
    expect(Math.max(...follower.changed)).toBeLessThan(10);
  });
});
