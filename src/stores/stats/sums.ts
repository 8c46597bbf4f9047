import { addRow, createTally, rowOf, type Tally } from '../../watching/stats/tally.ts';
import { bucketMs, type StatsBucket, type StatsRow, statsBuckets } from '../ports/stats.ts';

/** How tables of counts write a kind of bucket. */
export function resolutionOf(bucket: StatsBucket): number {
  return statsBuckets.indexOf(bucket) + 1;
}

/** The start of the bucket that an instant is in; both ms. */
export function startOf(at: number, bucket: StatsBucket): number {
  return Math.floor(at / bucketMs[bucket]) * bucketMs[bucket];
}

/** Rows as one row for each webhook and bucket, in order of the first of each. */
export function sumBy(rows: Iterable<StatsRow>, bucket: StatsBucket): StatsRow[] {
  const sums = new Map<string, { webhookId: string; from: number; tally: Tally }>();
  for (const row of rows) {
    const from = startOf(row.from, bucket);
    const key = `${from} ${row.webhookId}`;
    const sum = sums.get(key) ?? { webhookId: row.webhookId, from, tally: createTally() };
    sums.set(key, sum);
    addRow(sum.tally, row);
  }
  return [...sums.values()].map(({ webhookId, from, tally }) => rowOf(webhookId, from, tally));
}
