import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { openWalFile } from './wal-file.ts';

/**
 * Knows which pages of a database's file change, beside a gateway that writes it, and can hold the file still. Nothing
 * of it needs the gateway's help: it uses SQLite's own locks, from another process.
 *
 * A page of the file changes only when a checkpoint copies it there from the write-ahead log. So it is enough to see
 * every frame of the log once, before the log begins again at its start. A reader (the *pin*) keeps it from that:
 *
 * ```text
 *            advance: a newer pin, a checkpoint up to it, its pages are noted
 *           ┌──────────────────────────────────────────────────────────────┐
 *           ▼                                                              │
 * log   ▸▸▸▸▸▸▸▸▸▸▸▸▸▸▸▸ freeze: write lock ▸ checkpoint of all ▸ pages noted ▸ pin ▸ unlock
 *                                                 (some ms)                        │
 * file  may change up to the pin                         is the whole database, and cannot change until `advance`;
 *                                                         the next writer begins the log again at its start
 * ```
 * One long read transaction would do without all this, but the log could not begin again before it ends: it would
 * grow as long as the copy takes, which a slow disk decides.
 */
export interface WalFollower {
  /** Pages whose place in the file may have changed since they were taken out of here. */
  readonly changed: Set<number>;
  /**
   * Lets checkpoints go on, some MiB at a time as without a follower, and notes what they change. To be called some ten
   * times a second: what it leaves, one of the writer's commits has to do.
   * @returns bytes of the log that are in use
   */
  advance(): number;
  /**
   * Until the next `advance` the file is the whole database at one moment, and stays it.
   * @returns how long writers were locked out, ms
   * @throws {CannotFreezeError} when somebody reads an old state of the database for a minute
   */
  freeze(): Promise<number>;
  close(): void;
}

/** Somebody reads an old state of the database and does not end. */
export class CannotFreezeError extends Error {
  readonly code = 'cannot_freeze';
  constructor() {
    super(
      'Another program reads the database and does not come to an end. Find it (lsof hookwire.db), or try again later.',
    );
    this.name = 'CannotFreezeError';
  }
}

interface Checkpoint {
  readonly busy: number;
  readonly log: number;
  readonly checkpointed: number;
}

const frozenWithinMs = 60_000;
const lockedAtMostMs = 25;
const restMs = 50;
/** So many frames a checkpoint takes along, as SQLite itself does it; each costs two fsyncs. */
const checkpointFrames = 1_000;
/** Frames that may be left for the time of the write lock: 1 MiB. */
const fewFrames = 256;

/** @param onlyBelow the file's pages from this one on are not noted; asked for each page */
export function followWal(
  file: string,
  pageSize: number,
  onlyBelow: () => number = () => Infinity,
): WalFollower {
  const connections: DatabaseSync[] = [];
  const open = (): DatabaseSync => {
    const db = new DatabaseSync(file);
    connections.push(db);
    db.exec('pragma busy_timeout = 2000; pragma synchronous = full; pragma fullfsync = on');
    return db;
  };
  const closeAll = (): void => {
    for (const db of connections) db.close();
  };

  try {
    const lock = open();
    const checkpointer = open();
    const readers = [open(), open()].map((db) => ({ db, touch: db.prepare('select 1 from sqlite_schema') }));
    // A passive checkpoint waits for nobody.
    checkpointer.exec('pragma busy_timeout = 0');
    const checkpoint = checkpointer.prepare('pragma wal_checkpoint(passive)');
    const changed = new Set<number>();
    let current = 0;
    pin(0);
    const wal = openWalFile(`${file}-wal`, pageSize);
    connections.push({ close: wal.close } as DatabaseSync);
    let generation: string | null = null;
    let seen = 0;
    let frames = 0;
    let frozen = false;

    function pin(which: number): void {
      const { db, touch } = readers[which] as { db: DatabaseSync; touch: StatementSync };
      db.exec('begin');
      touch.get();
    }

    function unpin(which: number): void {
      const db = readers[which]?.db;
      if (db?.isTransaction) db.exec('rollback');
    }

    /** @returns whether the file has everything that was committed before */
    function look(): boolean {
      const before = wal.generation();
      const { busy, log, checkpointed } = checkpoint.get() as unknown as Checkpoint;
      // Another one is at it, or the log begins anew just now.
      if (busy !== 0 || log < 0 || before !== wal.generation()) return false;
      frames = log;
      if (before === null) return true;
      if (before !== generation) {
        generation = before;
        seen = 0;
      }
      if (checkpointed > seen) {
        const below = onlyBelow();
        for (const page of wal.pages(generation, seen, checkpointed)) if (page < below) changed.add(page);
        seen = checkpointed;
      }
      return checkpointed === log;
    }

    function movePin(): void {
      pin(1 - current);
      unpin(current);
      current = 1 - current;
      look();
    }

    /** @returns whether it worked */
    function tryToFreeze(): boolean {
      // This connection reads the newest state, so it is the pin for the moment.
      unpin(current);
      const until = performance.now() + lockedAtMostMs;
      let isWhole = look();
      while (!isWhole && performance.now() < until) isWhole = look();
      pin(current);
      return isWhole;
    }

    /** @returns how long writers were locked out (ms), `null` where `action` or the lock failed */
    function lockWriters(action: () => boolean): number | null {
      try {
        lock.exec('begin immediate');
      } catch (error) {
        if (isBusy(error)) return null;
        throw error;
      }
      const lockedAt = performance.now();
      try {
        frozen = action();
      } finally {
        lock.exec('rollback');
      }
      return frozen ? performance.now() - lockedAt : null;
    }

    return {
      changed,
      advance() {
        const isFrozen = frozen;
        frozen = false;
        if (isFrozen) movePin();
        else if (!look() && frames - seen >= checkpointFrames) movePin();
        return frames * pageSize;
      },
      async freeze() {
        const deadline = performance.now() + frozenWithinMs;
        for (;;) {
          for (let tries = 0; tries < 4; tries++) {
            movePin();
            if (frames - seen <= fewFrames) break;
          }
          const lockedMs = lockWriters(tryToFreeze);
          if (lockedMs !== null) return lockedMs;
          if (performance.now() > deadline) throw new CannotFreezeError();
          await pause(restMs);
        }
      },
      close: closeAll,
    };
  } catch (error) {
    closeAll();
    throw error;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 5;
}
