import { fdatasync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { checkpointPages } from '../pragmas.ts';

interface Progress {
  /** Frames in the log, and how many of them are in the file; both are -1 outside of WAL. */
  readonly log: number;
  readonly checkpointed: number;
}

/** How often it is looked; some 10 µs each. */
const lookMs = 25;
/** Pages that wait for a checkpoint, 4 MiB. */
const enough = 1_000;
/** The same when a commit will soon end the log, and copies what is left by then. */
const enoughNearEnd = 100;
const nearEnd = checkpointPages * 0.75;
/** Looks that are left out after the disk refused one. */
const restLooks = 1_000 / lookMs;

/**
 * Copies what was committed from the write-ahead log to the file, beside the writer, whose commits do it themselves only when
 * the log has become long (`pragmas.ts`): in a commit 4,000 pages cost 20 to 40 ms, which everybody waits for. It takes no
 * lock that a writer needs. What the last of a busy log's frames are, only a writer can say, so that one of its commits
 * ends the log each 64 MiB; by then little is left to copy. A full disk refuses a checkpoint; nothing is lost by that, and
 * the writer's commits tell of the trouble.
 *
 * SQLite waits for the disk only in the checkpoint that ends the log, which then had 64 MiB to wait for: 20 to 40 ms of that
 * commit. So what was copied is brought to the disk here.
 *
 * @param descriptor of the file; it must stay open while the process has the database open, since closing any
 *   descriptor of a file ends the locks of the whole process on it (POSIX); `null`: no commit waits
 */
export function startCheckpoints(db: DatabaseSync, descriptor: number | null = null): { close(): void } {
  const look = db.prepare('pragma wal_checkpoint(noop)');
  const checkpoint = db.prepare('pragma wal_checkpoint(passive)');
  let rest = 0;
  let syncing = false;

  function bringToDisk(): void {
    if (descriptor === null) return;
    syncing = true;
    fdatasync(descriptor, () => {
      syncing = false;
    });
  }

  const timer = setInterval(() => {
    if (syncing || rest-- > 0) return;
    try {
      const { log, checkpointed } = look.get() as unknown as Progress;
      if (log - checkpointed < (log < nearEnd ? enough : enoughNearEnd)) return;
      checkpoint.get();
      bringToDisk();
    } catch {
      rest = restLooks;
    }
  }, lookMs);
  timer.unref();
  return { close: () => clearInterval(timer) };
}
