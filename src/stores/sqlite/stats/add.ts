import type { DatabaseSync } from 'node:sqlite';
import type { StatsRow } from '../../ports/stats.ts';
import { putRows, sumsWith } from './rows.ts';
import { addTotals } from './totals.ts';

/** Adds minutes to what is known of them, in one transaction. */
export function addStats(db: DatabaseSync, minutes: readonly StatsRow[]): void {
  const sums = sumsWith(db, 'minute', minutes);
  db.exec('BEGIN IMMEDIATE');
  putRows(db, 'minute', sums);
  addTotals(db, minutes);
  db.exec('COMMIT');
}
