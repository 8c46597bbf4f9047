import type { DatabaseSync } from 'node:sqlite';
import { createTally, type Tally } from '../../erasure/tally.ts';
import { type Patience, startPatience } from '../thread/patience.ts';
import { unsynced } from '../thread/unsynced.ts';
import { count } from './counts.ts';
import type { ForgetEvents } from './forget-events.ts';

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
  patience: Patience,
  deal: (seq: number, tally: Tally) => boolean,
): number {
  const isOver = startPatience(patience);
  const tally = createTally();
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
