import type { PoolClient } from 'pg';
import { bucketMs, type StatsBucket, type StatsHorizon, totalsBuckets } from '../../ports/stats.ts';
import { resolutionOf } from '../../stats/sums.ts';

/**
 * Sums up old minutes and hours in the next coarser bucket and deletes old days, `limit` rows of each at most, the oldest
 * first; within a transaction. What another process is at is left to it.
 */
export async function tidyStats(client: PoolClient, before: StatsHorizon, limit: number): Promise<number> {
  let taken = 0;
  const take = async (statement: string, bucket: StatsBucket, ...more: number[]): Promise<void> => {
    const { rows } = await client.query<{ taken: number }>(statement, [
      ...[resolutionOf(bucket), before[bucket], limit],
      ...more,
    ]);
    taken += rows[0]?.taken ?? 0;
  };
  await take(sumUp, 'minute', resolutionOf('hour'), bucketMs.hour);
  await take(sumUp, 'hour', resolutionOf('day'), bucketMs.day);
  await take(takeAway('webhook_stats'), 'day');
  for (const bucket of totalsBuckets) await take(takeAway('webhook_totals'), bucket);
  return taken;
}

const oldest = (table: 'webhook_stats' | 'webhook_totals'): string => `
  old as (
    delete from ${table} where ctid = any(array(
      select ctid from ${table} where resolution = $1 and start < $2 order by start limit $3 for update skip locked))
    returning *
  )`;

const takeAway = (table: 'webhook_stats' | 'webhook_totals'): string =>
  `with ${oldest(table)} select count(*) as taken from old`;

/** They and their sum change places in one statement. */
const sumUp = `
  with ${oldest('webhook_stats')}, summed as (
    insert into webhook_stats as known
      (account, webhook, resolution, start, attempts, delivered, failed, errors, durations, latencies)
    select account, webhook, $4, start - start % $5, sum(attempts), sum(delivered), sum(failed), sum_counts(errors),
      sum_counts(durations), sum_counts(latencies)
    from old group by account, webhook, start - start % $5 order by account, webhook, start - start % $5
    on conflict (account, webhook, resolution, start) do update set
      attempts = known.attempts + excluded.attempts, delivered = known.delivered + excluded.delivered,
      failed = known.failed + excluded.failed, errors = add_counts(known.errors, excluded.errors),
      durations = add_counts(known.durations, excluded.durations),
      latencies = add_counts(known.latencies, excluded.latencies)
  )
  select count(*) as taken from old`;
