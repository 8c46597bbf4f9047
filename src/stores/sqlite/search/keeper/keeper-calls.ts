import type { DatabaseSync } from 'node:sqlite';
import type { Handlers } from '../../../../core/threads/connection.ts';
import type { WriteTurns } from '../../thread/write-turns.ts';
import { createIndexKeeper } from './keeper.ts';
import { lastIndexed } from './tail.ts';

/** What the thread that keeps the index is asked. */
export interface KeeperCalls {
  /** It begins. */
  open(): void;
  close(): void;
}

/** What it tells. */
export interface KeeperNews {
  /** What keeps it from its work, again with each try; `null`: nothing any more. */
  trouble(problem: string | null): void;
}

/** How often it is looked which events are gone. */
const lookForGoneMs = 60_000;
/** How often it is looked whether there is something to do. */
const lookMs = 200;
/** Between two pieces it rests so many times as long as a piece took: at most a fifth of a core. */
const restTimes = 4;
/** After the disk refused something. */
const tryAgainMs = 5_000;
/** So long nothing was refused any more, where there is always something to do. */
const overAfterMs = 60_000;

/** Works at the index from when it is told to, for as long as it lives. */
export function keepIndex(
  db: DatabaseSync,
  turns: WriteTurns,
  tell: KeeperNews['trouble'] = () => {},
): Handlers<KeeperCalls> {
  const keeper = createIndexKeeper(db, turns);
  const oldest = db.prepare('SELECT seq FROM events ORDER BY seq LIMIT 1');
  let timer: NodeJS.Timeout | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  /** When something was refused last, while that is not over. */
  let refusedAt: number | null = null;

  /** Events go the oldest first (`retention/`); one that is left keeps what lies behind it. */
  function dropGone(now: number): void {
    if (now - lookedAt < lookForGoneMs) return;
    // Before it is looked for events: those that come now have higher numbers.
    const last = lastIndexed(db);
    const first = oldest.get();
    keeper.dropUpTo(first ? Number(first.seq) - 1 : last);
    lookedAt = now;
  }

  function work(): void {
    const began = performance.now();
    let rest = lookMs;
    try {
      dropGone(began);
      const isAll = !keeper.step();
      if (!isAll) rest = Math.ceil((performance.now() - began) * restTimes);
      // One piece may be refused while others are not.
      if (refusedAt !== null && (isAll || began - refusedAt > overAfterMs)) {
        tell(null);
        refusedAt = null;
      }
    } catch (error) {
      // What is on disk is enough to go on from.
      rest = tryAgainMs;
      refusedAt = began;
      tell(error instanceof Error ? error.message : String(error));
    }
    timer = setTimeout(work, rest);
  }

  return {
    open() {
      timer = setTimeout(work, lookMs);
    },
    close() {
      clearTimeout(timer);
    },
  };
}
