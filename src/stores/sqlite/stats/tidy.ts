import type { DatabaseSync } from 'node:sqlite';
import { bucketMs, type StatsBucket, type StatsHorizon } from '../../ports/stats.ts';
import { createAdder, readRow, resolutionOf, sumBy } from './rows.ts';

export interface TidyRequest {
  readonly before: StatsHorizon;
  readonly limit: number;
}

/** Sums up old minutes and hours in the next coarser bucket and deletes old days, `limit` rows of each at most. */
export function tidyStats(db: DatabaseSync, { before, limit }: TidyRequest): number {
  db.exec('BEGIN IMMEDIATE');
  const taken =
    takeAway(db, 'minute', before.minute, limit, 'hour') +
    takeAway(db, 'hour', before.hour, limit, 'day') +
    takeAway(db, 'day', before.day, limit, null);
  db.exec('COMMIT');
  return taken;
}

/** The oldest rows, in the order of the key, so that they are one range. */
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
  if (into) sumBy(rows, bucketMs[into]).forEach(createAdder(db, into));
  db.prepare('DELETE FROM webhook_stats WHERE resolution = ? AND (start, webhook) <= (?, ?)').run(
    resolution,
    last.from,
    last.webhookId,
  );
  return rows.length;
}
