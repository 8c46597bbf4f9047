import type { DatabaseSync } from 'node:sqlite';
import type { StatsRow } from '../../ports/stats.ts';
import { createAdder } from './rows.ts';

/** Adds minutes to what is known of them, in one transaction. */
export function addStats(db: DatabaseSync, minutes: readonly StatsRow[]): void {
  const add = createAdder(db, 'minute');
  db.exec('BEGIN IMMEDIATE');
  for (const row of minutes) add(row);
  db.exec('COMMIT');
}
