import type { DatabaseSync } from 'node:sqlite';
import type { Handlers } from '../../../../core/threads/connection.ts';
import type { WriteTurns } from '../../thread/write-turns.ts';
import { createIndexKeeper } from './keeper.ts';

/** What the thread that keeps the index is asked. */
export interface KeeperCalls {
  close(): void;
}

/** How often it is looked which events are gone. */
const lookForGoneMs = 60_000;
/** How often it is looked whether there is something to do. */
const lookMs = 200;
/** Between two pieces it rests so many times as long as a piece took: at most a fifth of a core. */
const restTimes = 4;
/** After the disk refused something. */
const tryAgainMs = 5_000;

/** Works at the index for as long as it lives. */
export function keepIndex(db: DatabaseSync, turns: WriteTurns): Handlers<KeeperCalls> {
  const keeper = createIndexKeeper(db, turns);
  const oldest = db.prepare('SELECT seq FROM events ORDER BY seq LIMIT 1');
  let timer = setTimeout(work, lookMs);
  let lookedAt = Number.NEGATIVE_INFINITY;

  /** Events go the oldest first (`retention/`); one that is left keeps what lies behind it. */
  function dropGone(now: number): void {
    if (now - lookedAt < lookForGoneMs) return;
    lookedAt = now;
    const first = oldest.get();
    if (first) keeper.dropUpTo(Number(first.seq) - 1);
  }

  function work(): void {
    const began = performance.now();
    let rest = lookMs;
    try {
      dropGone(began);
      if (keeper.step()) rest = Math.ceil((performance.now() - began) * restTimes);
    } catch {
      // The writer's commits tell of the trouble; what is on disk is enough to go on from.
      rest = tryAgainMs;
    }
    timer = setTimeout(work, rest);
  }

  return {
    close() {
      clearTimeout(timer);
    },
  };
}
