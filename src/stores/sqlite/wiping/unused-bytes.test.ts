import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabaseFile } from './database-file.ts';

const secret = '919812345678';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'hookwire-unused-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

function occurrences(file: string): number {
  return readFileSync(file, 'latin1').split(secret).length - 1;
}

interface Filled {
  readonly file: string;
  readonly rows: readonly unknown[];
}

/** A database of which rows with the secret were there and are gone. */
function fill(name: string, seed: number, pragmas: string): Filled {
  const file = join(dir, name);
  const db = new DatabaseSync(file);
  db.exec(`pragma synchronous = off; ${pragmas}; pragma journal_mode = wal;
    create table answers (delivery integer, number integer, text text, primary key (delivery, number)) without rowid;
    create table events (seq integer primary key, body text);
    create index bodies on events (substr(body, 1, 40));`);
  let state = seed;
  const random = (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
  const long = (): string => 'x'.repeat(random() * (random() < 0.05 ? 12_000 : 400));
  const answer = db.prepare('insert or replace into answers values (?, ?, ?)');
  const event = db.prepare('insert into events values (?, ?)');
  db.exec('begin');
  for (let i = 0; i < 4_000; i++) {
    const isTheirs = random() < 0.3;
    answer.run(
      Math.floor(random() * 3_000),
      Math.floor(random() * 3),
      `${isTheirs ? secret : 'ok'} ${long()}`,
    );
    event.run(i, `${isTheirs ? secret : 'event'} ${long()}`);
  }
  db.exec(`commit;
    update answers set text = null where text like '${secret}%' and delivery % 2 = 0;
    delete from answers where text like '${secret}%';
    update events set body = '[2]' where body like '${secret}%' and seq % 2 = 0;
    delete from events where body like '${secret}%';
    pragma wal_checkpoint(truncate)`);
  const rows = [...db.prepare('select * from answers').all(), ...db.prepare('select * from events').all()];
  db.close();
  return { file, rows };
}

describe('bytes of the file that nothing uses', () => {
  it.each([
    ['before secure deletion', 'pragma secure_delete = off'],
    ['in spite of secure deletion', 'pragma secure_delete = on'],
    ['in a file that can shrink', 'pragma auto_vacuum = incremental; pragma secure_delete = off'],
    ['in small pages', 'pragma page_size = 512; pragma secure_delete = off'],
    ['in large pages', 'pragma page_size = 65536; pragma secure_delete = off'],
  ])('hold nothing any more once they are cleaned, and all else is as it was: %s', (name, pragmas) => {
    const { file, rows } = fill(`${name}.db`, 7, pragmas);
    expect(occurrences(file)).toBeGreaterThan(0);
    const descriptor = openSync(file, 'r+');
    const opened = openDatabaseFile(descriptor);
    opened.clean(opened.dirty(1, opened.format.pages + 1));
    expect(openDatabaseFile(descriptor).dirty(1, opened.format.pages + 1)).toEqual([]);
    closeSync(descriptor);
    expect(occurrences(file)).toBe(0);
    const db = new DatabaseSync(file);
    expect(db.prepare('pragma integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    expect([
      ...db.prepare('select * from answers').all(),
      ...db.prepare('select * from events').all(),
    ]).toEqual(rows);
    db.exec(
      `insert into events select seq + 10000, body from events; delete from answers where delivery % 3 = 1`,
    );
    expect(db.prepare('pragma integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    db.close();
  });

  it('are none of a row, whatever rows look like', () => {
    const file = join(dir, 'any.db');
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 3_000 }), { maxLength: 40 }),
        fc.nat({ max: 9 }),
        (blobs, every) => {
          for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
          const db = new DatabaseSync(file);
          db.exec(
            'pragma synchronous = off; pragma page_size = 512; create table t (k integer primary key, v blob)',
          );
          // What looks like a page of a table, with its own numbers in it.
          const page = (b: Uint8Array): Uint8Array => Uint8Array.from([13, 0, 0, 0, 0, 2, 0, 0, ...b]);
          db.exec('begin');
          for (const [i, blob] of blobs.entries())
            db.prepare('insert into t values (?, ?)').run(i, page(blob));
          db.exec('commit');
          db.prepare('delete from t where k % 10 = ?').run(every);
          const rows = db.prepare('select * from t').all();
          db.close();
          const descriptor = openSync(file, 'r+');
          const opened = openDatabaseFile(descriptor);
          opened.clean(opened.dirty(1, opened.format.pages + 1));
          closeSync(descriptor);
          const again = new DatabaseSync(file);
          expect(again.prepare('select * from t').all()).toEqual(rows);
          expect(again.prepare('pragma integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
          again.close();
        },
      ),
      { numRuns: 100 },
    );
  });
});
