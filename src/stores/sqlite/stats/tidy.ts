import type { DatabaseSync } from 'node:sqlite';
import type { StatsBucket, StatsHorizon } from '../../ports/stats.ts';
import { resolutionOf } from '../../stats/sums.ts';
import { putRows, readRow, sumsWith } from './rows.ts';
import { tidyTotals } from './totals.ts';

export interface TidyRequest {
  readonly before: StatsHorizon;
  readonly limit: number;
}

/** Sums up old minutes and hours in the next coarser bucket and deletes old days, `limit` rows of each at most. */
export function tidyStats(db: DatabaseSync, { before, limit }: TidyRequest): number {
  return (
    takeAway(db, 'minute', before.minute, limit, 'hour') +
    takeAway(db, 'hour', before.hour, limit, 'day') +
    takeAway(db, 'day', before.day, limit, null) +
    tidyTotals(db, before, limit)
  );
}

/** The oldest rows, in the order of the key, so that they are one range; they and their sum change places at once. */
function takeAway(
  db: DatabaseSync,
  bucket: StatsBucket,
  before: number,
  limit: number,
  into: StatsBucket | null,
): number {
  const resolution = resolutionOf(bucket);
  const rows = db
    .prepare('SELECT * FROM webhook_stats WHERE resolution = ? AND start < ? ORDER BY start, webhook LIMIT ?')
    .all(resolution, before, limit)
    .map(readRow);
  const last = rows.at(-1);
  if (!last) return 0;
  const sums = into ? sumsWith(db, into, rows) : [];
  db.exec('BEGIN IMMEDIATE');
  if (into) putRows(db, into, sums);
  db.prepare('DELETE FROM webhook_stats WHERE resolution = ? AND (start, webhook) <= (?, ?)').run(
    resolution,
    last.from,
    last.webhookId,
  );
  db.exec('COMMIT');
  return rows.length;
}
