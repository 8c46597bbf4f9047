import { type StatsBucket, type StatsQuestion, type StatsRow, statsBuckets } from '../../ports/stats.ts';
import { resolutionOf, sumBy } from '../../stats/sums.ts';
import type { Asking } from '../questions/questions.ts';
import { statsRow, type WebhookStatsRow } from './rows.ts';

/**
 * A webhook's figures by bucket: those that are kept as such, and finer ones that are not old enough yet, summed. One range of
 * the key for each kind: some 4,000 rows at most.
 */
export async function readStats(
  asking: Asking,
  { webhookId, from, to, bucket }: StatsQuestion,
): Promise<StatsRow[]> {
  const kinds: StatsBucket[] = statsBuckets.slice(0, statsBuckets.indexOf(bucket) + 1);
  const rows = await asking.read<WebhookStatsRow>(
    `select stats.* from unnest($2::smallint[]) as kinds (resolution)
     join webhook_stats stats on stats.resolution = kinds.resolution
       and stats.account = coalesce((select account_id from webhooks where id = $1), '') and stats.webhook = $1
       and stats.start >= $3 and stats.start < $4`,
    [webhookId, kinds.map(resolutionOf), from, to],
  );
  return sumBy(rows.map(statsRow), bucket).sort((a, b) => a.from - b.from);
}
