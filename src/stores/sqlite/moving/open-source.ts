import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { identityOfStore } from '../../moving/identity.ts';
import { MoveError } from '../../moving/move-error.ts';
import type { ReadableStore } from '../../moving/moving-store.ts';
import type { Cipher } from '../../secrets/cipher.ts';
import { takeLocks } from '../backup/take-locks.ts';
import { openDatabase } from '../open-database.ts';
import { createCommit } from '../writer/commit.ts';
import { createEventIndex } from '../writer/event-index.ts';
import { createFanOuts } from '../writer/fan-outs.ts';
import { readLooseTerms } from './loose-terms.ts';
import { readMark, writeMark } from './markers.ts';
import { daysOfLog, readLog } from './read-log.ts';
import { countTables, readTable } from './read-tables.ts';

export interface SqliteSourceOptions {
  readonly dataDir: string;
  readonly cipher: Cipher;
  readonly now: () => number;
  /** Where it goes, for people. */
  readonly to: string;
  /** It is only looked at, also while a gateway runs on it. */
  readonly isDryRun: boolean;
}

/**
 * Opens a data directory to move everything from it; gateways are kept away as long as it is open, and for good behind
 * `handedOver`.
 *
 * @throws {MoveError} where there is none, or a gateway runs on it
 * @throws {CipherError} `wrong_master_key`
 */
export async function openSqliteSource(options: SqliteSourceOptions): Promise<ReadableStore> {
  const { dataDir, cipher, now, to, isDryRun } = options;
  const file = join(dataDir, 'hookwire.db');
  if (!existsSync(file)) throw new MoveError('usage', `There is no database in ${dataDir}.`);
  const locks = isDryRun ? null : await takeLocks(dataDir, 'the move');
  let db: DatabaseSync | null = null;
  try {
    // One to the same place that was ended when the other store was all but ready goes on.
    const isAgain = readMark(dataDir, 'from')?.other === to;
    db = openDatabase(file, 'desk', { isMove: isAgain });
    const { identity, numberKey } = identityOfStore(
      db.prepare('SELECT id, current FROM master_keys').all() as { id: string; current: number }[],
      db.prepare('SELECT name, sealed FROM gateway_secrets').all() as { name: string; sealed: string }[],
      cipher,
    );
    if (!isDryRun) storeOwed(db);
    const opened = db;
    return {
      label: dataDir,
      identity,
      numberKey,
      ...readingOf(opened, now),
      async keepAway() {},
      async handedOver(other) {
        await writeMark(dataDir, 'from', { other, source: identity });
      },
      async close() {
        opened.close();
        locks?.release();
      },
    };
  } catch (error) {
    db?.close();
    locks?.release();
    throw error;
  }
}

/** What all that is in a database is read by. */
export function readingOf(db: DatabaseSync, now: () => number) {
  return {
    counts: async () => countTables(db),
    table: async (...asked: Behind<typeof readTable>) => readTable(db, ...asked),
    log: async (after: number) => readLog(db, after),
    looseTerms: async (after: Behind<typeof readLooseTerms>[0]) => readLooseTerms(db, after, now()),
    days: async () => daysOfLog(db),
  };
}

/** The parameters behind the database. */
type Behind<F> = F extends (db: DatabaseSync, ...rest: infer R) => unknown ? R : never;

/** Deliveries of events in parts that a gateway has left to be stored by the next one. */
function storeOwed(db: DatabaseSync): void {
  if (!db.prepare('SELECT 1 FROM fan_outs LIMIT 1').get()) return;
  const fanOuts = createFanOuts(db);
  const commit = createCommit(db, createEventIndex(db), fanOuts);
  for (let row = fanOuts.owed(); row; row = fanOuts.owed()) fanOuts.stored([row], commit([row], []).events);
}
