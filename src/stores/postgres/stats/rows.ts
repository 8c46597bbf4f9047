import type { StatsRow } from '../../ports/stats.ts';

/** A row of table `webhook_stats`; pg gives `bigint[]` as texts. */
export interface WebhookStatsRow {
  readonly webhook: string;
  readonly start: number;
  readonly attempts: number;
  readonly delivered: number;
  readonly failed: number;
  readonly errors: readonly string[];
  readonly durations: readonly string[];
  readonly latencies: readonly string[];
}

export function statsRow({
  webhook,
  start,
  errors,
  durations,
  latencies,
  ...counts
}: WebhookStatsRow): StatsRow {
  return {
    webhookId: webhook,
    from: start,
    attempts: counts.attempts,
    delivered: counts.delivered,
    failed: counts.failed,
    errors: errors.map(Number),
    durations: durations.map(Number),
    latencies: latencies.map(Number),
  };
}
