import type { DatabaseSync } from 'node:sqlite';

/** The newest number of an event or a delivery that is stored; 0: there is none. */
export function newestStored(db: DatabaseSync): number {
  const row = db
    .prepare(
      `SELECT max(coalesce((SELECT seq + deliveries FROM events ORDER BY seq DESC LIMIT 1), 0),
         coalesce((SELECT max(seq) FROM deliveries), 0)) AS last`,
    )
    .get();
  return Number(row?.last ?? 0);
}

/**
 * The last number that is known to have been given, also to what is gone: numbers run ahead of a clock that was ahead once, and
 * what clocks have passed and the index has dropped is told by numbers. Lower ones would be kept for ever and found by nothing.
 */
export function lastGiven(db: DatabaseSync): number {
  const row = db
    .prepare(
      `SELECT max(coalesce((SELECT max(upto) FROM retention_cursors), 0),
         coalesce((SELECT max(last) FROM acceptance_times), 0),
         coalesce((SELECT max(last) FROM index_runs), 0),
         (SELECT dropped FROM index_state)) AS last`,
    )
    .get();
  return Math.max(newestStored(db), Number(row?.last ?? 0));
}
