import type { DatabaseSync } from 'node:sqlite';
import { sequenceAt } from '../../../core/ids.ts';

/**
 * The last number that may be of an event accepted before a time, for a time that goes on. After a clock that was ahead there
 * is a row for each second in `acceptance_times`, 86,400 for a day: they are read once, and some at a time.
 */
export interface NumbersBefore {
  /**
   * @param follower who asks: each has a place of its own
   * @returns the last number; with `isAll: false` it may be a later one, which is found by asking again
   */
  last(follower: number, time: number): { readonly last: number; readonly isAll: boolean };
}

/** Where somebody is: rows up to this one, by `at` and `first`, were read. */
interface Place {
  readonly time: number;
  readonly at: number;
  readonly first: number;
  readonly last: number;
}

const rowsAtOnce = 1_000;
const nowhere: Place = { time: 0, at: -1, first: -1, last: 0 };

export function createNumbersBefore(db: DatabaseSync): NumbersBefore {
  const places = new Map<number, Place>();
  const newest = db.prepare('SELECT last, at FROM acceptance_times ORDER BY first DESC LIMIT 1');
  const following = db.prepare(
    `SELECT first, last, at FROM acceptance_times
     WHERE at >= ?1 AND at < ?2 AND (at > ?1 OR first > ?3) ORDER BY at, first LIMIT ${rowsAtOnce}`,
  );

  return {
    last(follower, time) {
      const byNumber = sequenceAt(time) - 1;
      const end = newest.get();
      if (!end) return { last: byNumber, isAll: true };
      // Also where the clock was set back so far that its row is before somebody's place.
      if (Number(end.at) < time) return { last: Math.max(byNumber, Number(end.last)), isAll: true };
      const known = places.get(follower) ?? nowhere;
      const from = time < known.time ? nowhere : known;
      const rows = following.all(from.at, time, from.first);
      const last = rows.reduce((most, row) => Math.max(most, Number(row.last)), from.last);
      const { at, first } = rows.at(-1) ?? from;
      places.set(follower, { time, at: Number(at), first: Number(first), last });
      return { last: Math.max(byNumber, last), isAll: rows.length < rowsAtOnce };
    },
  };
}
