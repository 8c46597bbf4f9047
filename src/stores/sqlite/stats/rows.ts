import type { DatabaseSync } from 'node:sqlite';
import type { SparseCounts, StatsBucket, StatsRow } from '../../ports/stats.ts';
import { resolutionOf, sumBy } from '../../stats/sums.ts';

export function readRow(row: Record<string, unknown>): StatsRow {
  return {
    webhookId: String(row.webhook),
    from: Number(row.start),
    attempts: Number(row.attempts),
    delivered: Number(row.delivered),
    failed: Number(row.failed),
    errors: JSON.parse(String(row.errors)) as SparseCounts,
    durations: JSON.parse(String(row.durations)) as SparseCounts,
    latencies: JSON.parse(String(row.latencies)) as SparseCounts,
  };
}

/**
 * What rows of one kind will be when others are added to them. Only the desk thread writes this table, so this needs no
 * lock, and the write lock that the hot path waits for is held for {@link putRows} alone: half the time.
 */
export function sumsWith(db: DatabaseSync, bucket: StatsBucket, added: Iterable<StatsRow>): StatsRow[] {
  const find = db.prepare('SELECT * FROM webhook_stats WHERE resolution = ? AND start = ? AND webhook = ?');
  const resolution = resolutionOf(bucket);
  return sumBy(added, bucket).map((row) => {
    const before = find.get(resolution, row.from, row.webhookId);
    const [sum = row] = before ? sumBy([readRow(before), row], bucket) : [row];
    return sum;
  });
}

/** Writes rows in the place of those that were there; to be called within a transaction. */
export function putRows(db: DatabaseSync, bucket: StatsBucket, rows: readonly StatsRow[]): void {
  const put = db.prepare('INSERT OR REPLACE INTO webhook_stats VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const resolution = resolutionOf(bucket);
  for (const row of rows) {
    put.run(
      resolution,
      row.from,
      row.webhookId,
      row.attempts,
      row.delivered,
      row.failed,
      JSON.stringify(row.errors),
      JSON.stringify(row.durations),
      JSON.stringify(row.latencies),
    );
  }
}
