import type { DatabaseSync } from 'node:sqlite';

/**
 * Deliveries that have not ended, as pairs of account and number. From two indexes alone: the one of what waits for an
 * attempt, and the one of ordered deliveries that have not ended, which has those that wait for each other too.
 */
export function readWaitingByAccount(db: DatabaseSync): [accountId: string, waiting: number][] {
  return db
    .prepare(
      `WITH counted AS (
         SELECT webhook, count(*) AS n FROM deliveries WHERE state <= 2 GROUP BY webhook
         UNION ALL
         SELECT webhook, count(*) AS n FROM deliveries WHERE order_key IS NOT NULL GROUP BY webhook
       ), of_webhook AS (
         SELECT webhook, max(n) AS n FROM counted GROUP BY webhook
       )
       SELECT webhooks.account_id AS account, sum(of_webhook.n) AS n
       FROM of_webhook JOIN webhooks ON webhooks.id = of_webhook.webhook GROUP BY account`,
    )
    .all()
    .map(({ account, n }) => [String(account), Number(n)]);
}
