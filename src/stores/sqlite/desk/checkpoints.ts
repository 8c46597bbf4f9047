import type { DatabaseSync } from 'node:sqlite';

interface Progress {
  /** Frames in the log, and how many of them are in the file; both are -1 outside of WAL. */
  readonly log: number;
  readonly checkpointed: number;
}

/** How often it is looked; some 10 µs each. */
const lookMs = 25;
/** Pages that wait for a checkpoint, 4 MiB. */
const enough = 1_000;
/** Looks that are left out after the disk refused one. */
const restLooks = 1_000 / lookMs;

/**
 * Copies what was committed from the write-ahead log to the file, beside the writer, whose commits do it themselves only when
 * the log has become long (`pragmas.ts`): in a commit 4,000 pages cost 20 to 40 ms, which everybody waits for. It takes no
 * lock that a writer needs. What the last of a busy log's frames are, only a writer can say, so that one of its commits
 * ends the log each 64 MiB; by then little is left to copy. A full disk refuses a checkpoint; nothing is lost by that, and
 * the writer's commits tell of the trouble.
 */
export function startCheckpoints(db: DatabaseSync): { close(): void } {
  const look = db.prepare('pragma wal_checkpoint(noop)');
  const checkpoint = db.prepare('pragma wal_checkpoint(passive)');
  let rest = 0;
  const timer = setInterval(() => {
    if (rest-- > 0) return;
    try {
      const { log, checkpointed } = look.get() as unknown as Progress;
      if (log - checkpointed >= enough) checkpoint.get();
    } catch {
      rest = restLooks;
    }
  }, lookMs);
  timer.unref();
  return { close: () => clearInterval(timer) };
}
