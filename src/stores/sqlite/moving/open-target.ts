import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { makeDirectory } from '../../../core/make-directory.ts';
import { MoveError } from '../../moving/move-error.ts';
import type { Place, ReadableStore, WritableStore } from '../../moving/moving-store.ts';
import { takeLocks } from '../backup/take-locks.ts';
import { openDatabase } from '../open-database.ts';
import { keepPrivate } from '../private-files.ts';
import { createIndexKeeper } from '../search/keeper/keeper.ts';
import { createWriteTurns } from '../thread/write-turns.ts';
import { createEventIndex } from '../writer/event-index.ts';
import { readMark, refuseMoved, takeMark, writeMark } from './markers.ts';
import { readingOf } from './open-source.ts';
import { createWriteLog, type WriteLog } from './write-log.ts';
import { heldOf, readPlace, takePlace, writePlace, writeRows } from './write-tables.ts';

export interface SqliteTargetOptions {
  readonly dataDir: string;
  readonly source: ReadableStore;
  readonly now: () => number;
  readonly warn: (message: string) => void;
}

/**
 * Opens a data directory that has no database, or one that the same move has begun to fill; no gateway starts on it before all is
 * there.
 *
 * @throws {MoveError} where it is not, or one runs on it
 */
export async function openSqliteTarget(options: SqliteTargetOptions): Promise<WritableStore> {
  const { dataDir, source, now, warn } = options;
  makeDirectory(dataDir);
  keepPrivate(dataDir, warn);
  const locks = await takeLocks(dataDir, 'the move');
  let opened: DatabaseSync | null = null;
  try {
    await markIt(dataDir, source);
    const db = openDatabase(join(dataDir, 'hookwire.db'), 'desk', { isMove: true });
    opened = db;
    // All that was indexed is brought into runs at once, so that memory and the first start have little of it.
    const keeper = createIndexKeeper(db, createWriteTurns(null));
    const index = createEventIndex(db);
    const writeLog: WriteLog = createWriteLog(db, index);
    const finding = { numberKey: source.numberKey ?? new Uint8Array(), now: now() };
    const write = (place: Place, work: () => void): void => {
      db.exec('BEGIN IMMEDIATE');
      try {
        work();
        writePlace(db, place);
        db.exec('COMMIT');
      } catch (error) {
        if (db.isTransaction) db.exec('ROLLBACK');
        throw error;
      }
    };
    return {
      label: dataDir,
      identity: source.identity,
      ...readingOf(db, now),
      place: async () => readPlace(db),
      async prepare() {},
      async putRows(table, rows, isFirst, place) {
        write(place, () => writeRows(db, table, rows, isFirst));
      },
      async putLog(batch, place) {
        try {
          write(place, () => {
            index.begin();
            writeLog(batch, finding);
            index.write();
          });
        } catch (error) {
          index.rollback();
          throw error;
        }
        index.commit();
        while (keeper.step());
      },
      // PostgreSQL has them in the rows of the events.
      async putTerms(_terms, place) {
        write(place, () => {});
      },
      async complete() {
        db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
        // While there is a mark, the place must be there too.
        await takeMark(dataDir, 'into');
        takePlace(db);
      },
      async close() {
        db.close();
        locks.release();
      },
    };
  } catch (error) {
    opened?.close();
    locks.release();
    throw error;
  }
}

/** Before there is a database, so that none is there without the mark. */
async function markIt(dataDir: string, source: ReadableStore): Promise<void> {
  const file = join(dataDir, 'hookwire.db');
  const mark = readMark(dataDir, 'into');
  if (mark) {
    if (mark.source === source.identity) return;
    throw new MoveError(
      'usage',
      `${dataDir} is half full of what was in ${mark.other}: run the move from there again, or take another directory.`,
    );
  }
  refuseMoved(file);
  if (existsSync(file)) {
    const db = openDatabase(file, 'desk');
    const found = heldOf(db);
    db.close();
    if (found !== null) {
      throw new MoveError(
        'usage',
        `${dataDir} is not empty, its database has ${found}: move to a directory that is.`,
      );
    }
  }
  await writeMark(dataDir, 'into', { other: source.label, source: source.identity });
}
