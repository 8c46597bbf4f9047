import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { WipePlace } from '../../ports/erasures.ts';
import type { WriteTurns } from '../thread/write-turns.ts';
import { type DatabaseFile, openDatabaseFile } from './database-file.ts';

/** Pages that are looked at in one piece, a mebibyte of them usually: some ms. */
const pagesAtOnce = 256;
/** How long a checkpoint waits for whoever reads; with it everybody who writes. */
const waitMs = 20;

export interface WipeOptions {
  readonly file: string;
  /** Of the file, open for both as long as the process has it open. */
  readonly descriptor: number;
  readonly turns: WriteTurns;
}

/**
 * Overwrites the bytes of the database's file that nothing uses, and empties the write-ahead log: no copy is left then of what
 * was erased before.
 *
 * ```text
 * look at some pages ── clean ──▸ next
 *       └─ not ──▸ (nobody writes: the log is empty, so the file is all there is) ──▸ overwrite ──▸ a commit
 * ```
 * SQLite never looks at these bytes, so nobody who reads at the same time notices. Every connection has pages in memory that
 * still have them, and would write them again; the commit makes each of them read its pages anew.
 *
 * Does some ms of it, and gives where to go on: the same place again where somebody read; `null` at the end.
 */
export type Wipe = (from: WipePlace | null) => WipePlace | null;

export function createWipe({ file, descriptor, turns }: WipeOptions): Wipe {
  /** With free pages as they were at its beginning: these tell where to look closer, and are read again before anything is written. */
  let seen: DatabaseFile | null = null;

  function clean(from: number): boolean {
    return withEmptyLog((db) => {
      const current = openDatabaseFile(descriptor);
      current.clean(current.dirty(from, from + pagesAtOnce));
      seen = current;
      db.exec('update wipes set at = unixepoch() * 1000');
    });
  }

  /**
   * Most of the log is brought to the file, and both to the disk, before it is this one's turn, while others go on.
   * `false`: somebody reads what is in the log, or writes.
   */
  function withEmptyLog(work: (db: DatabaseSync) => void): boolean {
    const db = new DatabaseSync(file);
    try {
      db.exec(`pragma busy_timeout = ${waitMs}; pragma synchronous = full; pragma wal_autocheckpoint = 0`);
      db.prepare('pragma wal_checkpoint(passive)').get();
      return turns.run(() => inEmptyLog(db, work));
    } finally {
      db.close();
    }
  }

  function inEmptyLog(db: DatabaseSync, work: (db: DatabaseSync) => void): boolean {
    try {
      if (!isEmptied(db)) return false;
      db.exec('begin immediate');
      // Another process may have written before it was begun.
      if (!isLogEmpty(file)) return false;
      work(db);
      db.exec('commit');
      return true;
    } catch (error) {
      if (isBusy(error)) return false;
      throw error;
    } finally {
      if (db.isTransaction) db.exec('rollback');
    }
  }

  function isEmptied(db: DatabaseSync): boolean {
    return db.prepare('pragma wal_checkpoint(truncate)').get()?.busy === 0 && isLogEmpty(file);
  }

  return (place) => {
    const from = place?.page ?? 1;
    if (from === 1 || seen === null) {
      // What was erased is in the file from here on, and not in its log alone.
      if (!withEmptyLog(() => {})) return { page: 1 };
      seen = openDatabaseFile(descriptor);
    }
    if (seen.dirty(from, from + pagesAtOnce).length > 0 && !clean(from)) return { page: from };
    const next = from + pagesAtOnce;
    if (next <= seen.format.pages) return { page: next };
    if (!withEmptyLog(() => {})) return { page: from };
    seen = null;
    return null;
  };
}

function isLogEmpty(file: string): boolean {
  const log = `${file}-wal`;
  return !existsSync(log) || statSync(log).size === 0;
}

const busyCode = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === busyCode;
}
