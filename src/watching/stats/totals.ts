import { invalidInput } from '../../core/errors.ts';
import {
  bucketMs,
  type StatsRange,
  type StatsRow,
  type TotalsBucket,
  type WebhookTotals,
} from '../../stores/ports/stats.ts';
import { resolveRange } from './range.ts';

/** Buckets of one answer at most: a week by the hour. */
export const mostTotalsBuckets = 168;

/** What happened at one webhook. */
export interface TotalsSummary {
  readonly webhookId: string;
  readonly attempts: number;
  readonly delivered: number;
  readonly failed: number;
  /** Of the deliveries that ended, how many were delivered, 0 to 1; `null` where none ended. */
  readonly successRate: number | null;
  /** Those that have anything, oldest first; `at` is the start. */
  readonly buckets: readonly { readonly at: number; readonly delivered: number; readonly failed: number }[];
}

/**
 * Completes a range with defaults (a day by hours, a month by days) and widens it to whole buckets.
 * @throws HookwireError `invalid_input`
 */
export function resolveTotalsRange(
  asked: { readonly from?: number; readonly to?: number; readonly bucket?: TotalsBucket },
  now: number,
): StatsRange<TotalsBucket> {
  const bucket = asked.bucket ?? 'hour';
  const range = resolveRange({ ...asked, bucket }, now);
  const count = (range.to - range.from) / bucketMs[bucket];
  if (count > mostTotalsBuckets) {
    const message = `and to are ${count} ${bucket}s apart; at most ${mostTotalsBuckets} are given at once.`;
    throw invalidInput([{ path: 'query.from', message }]);
  }
  return { ...range, bucket };
}

interface Sum {
  attempts: number;
  delivered: number;
  failed: number;
  /** By start. */
  readonly buckets: Map<number, { delivered: number; failed: number }>;
}

/**
 * Sums up by webhook, in the order of their ids.
 * @param stored what the store has of the range
 * @param waiting minutes of the range that are not in the store
 */
export function totalsOf(
  { bucket }: StatsRange<TotalsBucket>,
  stored: readonly WebhookTotals[],
  waiting: readonly StatsRow[],
): TotalsSummary[] {
  const sums = new Map<string, Sum>();
  for (const { webhookId, counts } of stored) {
    for (let i = 0; i + 3 < counts.length; i += 4) {
      const [at = 0, attempts = 0, delivered = 0, failed = 0] = counts.slice(i, i + 4);
      add(sums, webhookId, at, { attempts, delivered, failed });
    }
  }
  for (const row of waiting) {
    add(sums, row.webhookId, Math.floor(row.from / bucketMs[bucket]) * bucketMs[bucket], row);
  }
  return [...sums]
    .map(([webhookId, sum]) => summaryOf(webhookId, sum))
    .sort((a, b) => (a.webhookId < b.webhookId ? -1 : 1));
}

function add(
  sums: Map<string, Sum>,
  webhookId: string,
  at: number,
  { attempts, delivered, failed }: Pick<StatsRow, 'attempts' | 'delivered' | 'failed'>,
): void {
  const sum = sums.get(webhookId) ?? { attempts: 0, delivered: 0, failed: 0, buckets: new Map() };
  sums.set(webhookId, sum);
  sum.attempts += attempts;
  sum.delivered += delivered;
  sum.failed += failed;
  const before = sum.buckets.get(at);
  sum.buckets.set(at, {
    delivered: (before?.delivered ?? 0) + delivered,
    failed: (before?.failed ?? 0) + failed,
  });
}

function summaryOf(webhookId: string, { attempts, delivered, failed, buckets }: Sum): TotalsSummary {
  const ended = delivered + failed;
  return {
    webhookId,
    attempts,
    delivered,
    failed,
    successRate: ended === 0 ? null : delivered / ended,
    buckets: [...buckets].sort(([a], [b]) => a - b).map(([at, counts]) => ({ at, ...counts })),
  };
}
