import type { DatabaseSync } from 'node:sqlite';
import { addRow, createTally, rowOf, type Tally } from '../../../history/stats/tally.ts';
import { type SparseCounts, type StatsBucket, type StatsRow, statsBuckets } from '../../ports/stats.ts';

/** How table `webhook_stats` writes a kind of bucket. */
export function resolutionOf(bucket: StatsBucket): number {
  return statsBuckets.indexOf(bucket) + 1;
}

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

/** Adds to rows of one kind of bucket; to be called within a transaction. */
export function createAdder(db: DatabaseSync, bucket: StatsBucket): (row: StatsRow) => void {
  const resolution = resolutionOf(bucket);
  const find = db.prepare('SELECT * FROM webhook_stats WHERE resolution = ? AND start = ? AND webhook = ?');
  const put = db.prepare('INSERT OR REPLACE INTO webhook_stats VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');

  return (row) => {
    const before = find.get(resolution, row.from, row.webhookId);
    const sum = before ? plus(readRow(before), row) : row;
    put.run(
      resolution,
      sum.from,
      sum.webhookId,
      sum.attempts,
      sum.delivered,
      sum.failed,
      JSON.stringify(sum.errors),
      JSON.stringify(sum.durations),
      JSON.stringify(sum.latencies),
    );
  };
}

function plus(a: StatsRow, b: StatsRow): StatsRow {
  const tally = createTally();
  addRow(tally, a);
  addRow(tally, b);
  return rowOf(a.webhookId, a.from, tally);
}

/** Rows as one row for each webhook and bucket of `sizeMs`, in order of the first of each. */
export function sumBy(rows: Iterable<StatsRow>, sizeMs: number): StatsRow[] {
  const sums = new Map<string, { webhookId: string; from: number; tally: Tally }>();
  for (const row of rows) {
    const from = Math.floor(row.from / sizeMs) * sizeMs;
    const key = `${from} ${row.webhookId}`;
    const sum = sums.get(key) ?? { webhookId: row.webhookId, from, tally: createTally() };
    sums.set(key, sum);
    addRow(sum.tally, row);
  }
  return [...sums.values()].map(({ webhookId, from, tally }) => rowOf(webhookId, from, tally));
}
