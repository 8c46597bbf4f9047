import type { DatabaseSync } from 'node:sqlite';
import { count, createTally, type Tally } from './counts.ts';

/** A transaction begins nothing more after so long; everybody's commits wait for it. */
const longestMs = 8;

/**
 * Deals with some events in their order, as many as there is time for and at least one, in one transaction that counts them
 * for their task.
 *
 * @param deal gives `false` where there is more to do for an event, or more to come
 * @returns how many are dealt with
 */
export function dealWithSome(
  db: DatabaseSync,
  { erasure, events }: { readonly erasure: string; readonly events: readonly number[] },
  deal: (seq: number, tally: Tally) => boolean,
): number {
  const began = performance.now();
  const tally = createTally();
  let done = 0;
  db.exec('BEGIN IMMEDIATE');
  try {
    for (const seq of events) {
      if (done > 0 && performance.now() - began > longestMs) break;
      if (!deal(seq, tally)) break;
      done++;
    }
    count(db, erasure, tally.counts);
    db.exec('COMMIT');
    return done;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
