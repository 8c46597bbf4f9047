import type { DatabaseSync } from 'node:sqlite';
import { createTally, type Tally } from '../../erasure/tally.ts';
import { unsynced } from '../thread/unsynced.ts';
import { count } from './counts.ts';
import type { ForgetEvents } from './forget-events.ts';

/** A transaction begins nothing more after so long where a commit waits for it. */
const shortestMs = 0.5;

/** How long one may take; everybody's commits wait for it. */
export interface Patience {
  /** It begins nothing more after so long, ms. */
  readonly mostMs: number;
  /** Whether somebody's commit waits for its end now. */
  readonly isAwaited: () => boolean;
}

export const untroubled: Patience = { mostMs: 8, isAwaited: () => false };

/**
 * Deals with some events in their order, as many as there is time for and at least one, in one transaction that counts them
 * for their task, and asks the index to forget what is to be forgotten.
 *
 * @param deal gives `false` where there is more to do for an event, or more to come
 * @returns how many are dealt with
 */
export function dealWithSome(
  db: DatabaseSync,
  { erasure, events }: { readonly erasure: string; readonly events: readonly number[] },
  forget: ForgetEvents,
  { mostMs, isAwaited }: Patience,
  deal: (seq: number, tally: Tally) => boolean,
): number {
  const began = performance.now();
  const tally = createTally();
  const isOver = (): boolean => {
    const took = performance.now() - began;
    return took > mostMs || (took > shortestMs && isAwaited());
  };
  // An erasure ends with commits that wait for the disk.
  return unsynced(db, () => {
    let done = 0;
    for (const seq of events) {
      if (done > 0 && isOver()) break;
      if (!deal(seq, tally)) break;
      done++;
    }
    forget.write(erasure);
    count(db, erasure, tally.counts);
    return done;
  });
}
