import type { PoolClient } from 'pg';
import { type StatsBucket, type StatsRow, totalsBuckets } from '../../ports/stats.ts';
import { resolutionOf, startOf, sumBy } from '../../stats/sums.ts';

/**
 * Adds minutes to what is known of them, and to the totals of their hours and days, within a transaction. Rows are locked in the
 * order of their keys, as by all who add: two processes that count the same webhooks wait for each other and not both.
 */
export async function addStats(client: PoolClient, minutes: readonly StatsRow[]): Promise<void> {
  await client.query(addMinutes, [JSON.stringify(sumBy(minutes, 'minute').map(toMember))]);
  const totals = totalsBuckets.flatMap((bucket) => totalsOf(minutes, bucket));
  await client.query(addTotals, [JSON.stringify(totals)]);
}

/** The account is the webhook's own; rows of deleted webhooks stay in the directory. */
const accountOfAdded = '(select account_id from webhooks where id = added.webhook)';

const addMinutes = `
  insert into webhook_stats as known
    (account, webhook, resolution, start, attempts, delivered, failed, errors, durations, latencies)
  select coalesce(${accountOfAdded}, '') as account, webhook, 1, start, attempts, delivered, failed, errors, durations, latencies
  from json_to_recordset($1) as added (webhook text, start bigint, attempts bigint, delivered bigint, failed bigint,
    errors bigint[], durations bigint[], latencies bigint[])
  order by account, webhook, start
  on conflict (account, webhook, resolution, start) do update set
    attempts = known.attempts + excluded.attempts, delivered = known.delivered + excluded.delivered,
    failed = known.failed + excluded.failed, errors = add_counts(known.errors, excluded.errors),
    durations = add_counts(known.durations, excluded.durations), latencies = add_counts(known.latencies, excluded.latencies)`;

const addTotals = `
  insert into webhook_totals as known (account, resolution, start, webhook, attempts, delivered, failed)
  select account, resolution, start, webhook, attempts, delivered, failed
  from json_to_recordset($1) as added (resolution smallint, start bigint, webhook text, attempts bigint, delivered bigint,
    failed bigint)
  cross join lateral ${accountOfAdded} as owner (account)
  order by account, resolution, start, webhook
  on conflict (account, resolution, start, webhook) do update set attempts = known.attempts + excluded.attempts,
    delivered = known.delivered + excluded.delivered, failed = known.failed + excluded.failed`;

function toMember({ webhookId, from, ...counts }: StatsRow): object {
  return { webhook: webhookId, start: from, ...counts };
}

function totalsOf(minutes: readonly StatsRow[], bucket: StatsBucket): object[] {
  const bare = minutes.map((row) => ({ ...row, errors: [], durations: [], latencies: [] }));
  return sumBy(bare, bucket).map(({ webhookId, from, attempts, delivered, failed }) => ({
    ...{ resolution: resolutionOf(bucket), start: startOf(from, bucket), webhook: webhookId },
    ...{ attempts, delivered, failed },
  }));
}
