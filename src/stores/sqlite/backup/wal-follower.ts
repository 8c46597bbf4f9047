import { statSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { openWalFile, type WalFile } from './wal-file.ts';

/**
 * Knows which pages of a database's file change, beside a gateway that writes it, and can keep the state of one moment.
 * Nothing of it needs the gateway's help: it uses SQLite's own locks, from another process.
 *
 * A page of the file changes only when a checkpoint copies it there from the write-ahead log. So it is enough to see
 * every frame of the log once, before the log begins again at its start. A reader (the *pin*) keeps it from that, and
 * keeps checkpoints from going beyond the moment at which it began:
 *
 * ```text
 * advance     a newer pin ▸ a checkpoint up to it ▸ its pages are noted                        ─┐ again and again
 * beginAgain  write lock ▸ a checkpoint of all ▸ its pages are noted ▸ a newer pin ▸ unlock    ◂┘
 *             the next writer begins the log again at its start; the file stands still until then
 * snapshot    write lock ▸ a newer pin, which now is known to be the log's end ▸ unlock
 *             what is not in the file is in the log's last part, and stays there
 * ```
 * One long read transaction would do without all this, but the log could not begin again before it ends: it would
 * grow as long as the copy takes, which a slow disk decides.
 */
export interface WalFollower {
  /** Pages whose place in the file may have changed since they were taken out of here. */
  readonly changed: Set<number>;
  /** The longest time for which writers were locked out, ms. */
  readonly longestLockMs: number;
  /**
   * Lets checkpoints go on, some MiB at a time as without a follower, and notes what they change. To be called some ten
   * times a second: what it leaves, one of the writer's commits has to do.
   * @returns bytes of the log that are in use
   */
  advance(): number;
  /**
   * Lets the log begin again. Writers wait for two fsyncs, as they do for each checkpoint of their own.
   * @throws {CannotPinError} when somebody reads an old state of the database for a minute
   */
  beginAgain(): Promise<void>;
  /**
   * The database as it is at this moment, until the next call. Writers wait for less than a millisecond.
   * @throws {CannotPinError}
   */
  snapshot(): Promise<Snapshot>;
  close(): void;
}

/** The state of one moment: what `inLog` does not have is in the file. */
export interface Snapshot {
  readonly bytes: number;
  /** Frames by their page. */
  readonly inLog: ReadonlyMap<number, number>;
  /** The page in a frame. */
  page(frame: number): Buffer;
}

/** Somebody reads or locks the database and does not end. */
export class CannotPinError extends Error {
  readonly code = 'cannot_pin';
  constructor() {
    super(
      'Another program reads or locks the database and does not come to an end. Find it (lsof hookwire.db), or try again later.',
    );
    this.name = 'CannotPinError';
  }
}

/** Of the log: `whole`: all of it is in the file. `unknown`: another one is at it just now. */
type Look = 'whole' | 'behind' | 'unknown';

interface Checkpoint {
  readonly busy: number;
  readonly log: number;
  readonly checkpointed: number;
}

const withinMs = 60_000;
const lockedAtMostMs = 25;
const restMs = 50;
/** So many frames a checkpoint takes along, as SQLite itself does it; each costs two fsyncs. */
const checkpointFrames = 1_000;
/** Frames that may be left for the time of the write lock: 1 MiB. */
const fewFrames = 256;

/** @param onlyBelow the file's pages from this one on are not noted; asked at each look */
export function followWal(
  file: string,
  pageSize: number,
  onlyBelow: () => number = () => Infinity,
): WalFollower {
  const connections = openConnections(file);
  const { lock, checkpointer, readers } = connections;
  const checkpoint = checkpointer.prepare('pragma wal_checkpoint(passive)');
  const changed = new Set<number>();
  let current: 0 | 1 = 0;
  let wal: WalFile;
  let generation: string | null = null;
  let seen = 0;
  let frames = 0;
  let standsStill = false;
  let longestLockMs = 0;

  try {
    pin(0);
    wal = openWalFile(`${file}-wal`, pageSize);
  } catch (error) {
    connections.close();
    throw error;
  }

  function pin(which: 0 | 1): void {
    const { db, touch } = readers[which];
    db.exec('begin');
    touch.get();
  }

  function unpin(which: 0 | 1): void {
    const { db } = readers[which];
    if (db.isTransaction) db.exec('rollback');
  }

  /** A checkpoint up to the oldest pin, whoever's it is. */
  function look(): Look {
    const before = wal.generation();
    const { busy, log, checkpointed } = checkpoint.get() as unknown as Checkpoint;
    if (busy !== 0 || log < 0 || before !== wal.generation()) return 'unknown';
    frames = log;
    if (before === null) return 'whole';
    if (before !== generation) {
      generation = before;
      seen = 0;
    }
    if (checkpointed > seen) {
      const below = onlyBelow();
      for (const page of wal.pages(generation, seen, checkpointed)) if (page < below) changed.add(page);
      seen = checkpointed;
    }
    return checkpointed === log ? 'whole' : 'behind';
  }

  function movePin(): void {
    const next = current === 0 ? 1 : 0;
    pin(next);
    unpin(current);
    current = next;
    standsStill = false;
    look();
  }

  /** Checkpoints until little is left, or writers are too fast for that. */
  function catchUp(): void {
    for (let tries = 0; tries < 4; tries++) {
      movePin();
      if (frames - seen <= fewFrames) break;
    }
  }

  /** Does something while nobody can write; again until it works. */
  async function whileLocked(action: () => boolean): Promise<void> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      catchUp();
      if (lockAnd(action)) return;
      if (performance.now() > deadline) throw new CannotPinError();
      await pause(restMs);
    }
  }

  function lockAnd(action: () => boolean): boolean {
    try {
      lock.exec('begin immediate');
    } catch (error) {
      if (isBusy(error)) return false;
      throw error;
    }
    const lockedAt = performance.now();
    try {
      return action();
    } finally {
      lock.exec('rollback');
      longestLockMs = Math.max(longestLockMs, performance.now() - lockedAt);
    }
  }

  function tryToBeginAgain(): boolean {
    // The lock reads the newest state too, so it is the pin for the moment.
    unpin(current);
    const until = performance.now() + lockedAtMostMs;
    while (look() !== 'whole' && performance.now() < until);
    standsStill = look() === 'whole';
    pin(current);
    return standsStill;
  }

  /** With the old pin there is nothing to copy, so this is a look and no more. */
  function tryToPin(): boolean {
    if (look() === 'unknown') return false;
    pin(current === 0 ? 1 : 0);
    return true;
  }

  return {
    changed,
    get longestLockMs() {
      return longestLockMs;
    },
    advance() {
      if (standsStill) movePin();
      else if (look() === 'behind' && frames - seen >= checkpointFrames) movePin();
      return frames * pageSize;
    },
    beginAgain: () => whileLocked(tryToBeginAgain),
    async snapshot() {
      await whileLocked(tryToPin);
      const isInLog = generation !== null && frames > seen;
      const pages = isInLog ? wal.pages(generation ?? '', seen, frames) : [];
      unpin(current);
      current = current === 0 ? 1 : 0;
      return {
        bytes: isInLog ? wal.pagesAtCommit(frames) * pageSize : statSync(file).size,
        inLog: new Map(pages.map((page, index) => [page, seen + index + 1])),
        page: (frame) => wal.page(frame),
      };
    },
    close() {
      connections.close();
      wal.close();
    },
  };
}

interface Reader {
  readonly db: DatabaseSync;
  readonly touch: StatementSync;
}

function openConnections(file: string) {
  const open: DatabaseSync[] = [];
  const close = (): void => {
    for (const db of open) db.close();
  };
  const connect = (busyTimeoutMs: number): DatabaseSync => {
    const db = new DatabaseSync(file);
    open.push(db);
    db.exec(`pragma busy_timeout = ${busyTimeoutMs}; pragma synchronous = full; pragma fullfsync = on`);
    return db;
  };
  const reader = (): Reader => {
    const db = connect(2_000);
    return { db, touch: db.prepare('select 1 from sqlite_schema') };
  };
  try {
    const readers: readonly [Reader, Reader] = [reader(), reader()];
    // A passive checkpoint waits for nobody.
    return { lock: connect(2_000), checkpointer: connect(0), readers, close };
  } catch (error) {
    close();
    throw error;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 5;
}
