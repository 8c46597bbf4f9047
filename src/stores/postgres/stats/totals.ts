import type { TotalsQuestion, WebhookTotals } from '../../ports/stats.ts';
import { resolutionOf, startOf } from '../../stats/sums.ts';
import type { Asking } from '../questions/questions.ts';

interface TotalsRow {
  readonly webhook: string;
  readonly counts: readonly string[];
}

/** What an account's webhooks have in the buckets of a range, from one range of the key; an operator's from that of each bucket. */
export async function readTotals(
  asking: Asking,
  { accountId, from, to, bucket }: TotalsQuestion,
): Promise<WebhookTotals[]> {
  const ofAccount =
    accountId === null
      ? 'account not in (select id from accounts where deleted_at is not null) and $4::text is null'
      : 'account = $4';
  const rows = await asking.read<TotalsRow>(
    `select webhook, array_agg(number order by start, position) as counts from webhook_totals
     cross join lateral (values (0, start), (1, attempts), (2, delivered), (3, failed)) as flat (position, number)
     where ${ofAccount} and resolution = $1 and start >= $2 and start < $3 group by webhook`,
    [resolutionOf(bucket), startOf(from, bucket), to, accountId],
  );
  return rows.map(({ webhook, counts }) => ({ webhookId: webhook, counts: counts.map(Number) }));
}
