import type { Migration } from './migration.ts';

/**
 * The counts of `webhook_stats` by account, without its histograms, for a table of all webhooks: within two days the
 * figures lie there by the minute, 1,440,000 wide rows a day of a thousand webhooks; here it is 24,000 narrow ones, and
 * those of an account lie together.
 */
export const webhookTotals: Migration = {
  number: 7,
  name: 'webhook-totals',
  sql: `
    CREATE TABLE webhook_totals (
      resolution INTEGER NOT NULL, -- 2 hour, 3 day, as in webhook_stats
      start      INTEGER NOT NULL, -- ms since the Unix epoch
      account    TEXT NOT NULL,
      webhook    TEXT NOT NULL,
      attempts   INTEGER NOT NULL,
      delivered  INTEGER NOT NULL,
      failed     INTEGER NOT NULL,
      PRIMARY KEY (resolution, start, account, webhook)
    ) STRICT, WITHOUT ROWID;

    INSERT INTO webhook_totals
      SELECT 2, start - start % 3600000 AS hour, account_id, id, sum(attempts), sum(delivered), sum(failed)
      FROM webhook_stats JOIN webhooks ON id = webhook WHERE resolution <= 2 GROUP BY hour, account_id, id;
    INSERT INTO webhook_totals
      SELECT 3, start - start % 86400000 AS day, account_id, id, sum(attempts), sum(delivered), sum(failed)
      FROM webhook_stats JOIN webhooks ON id = webhook GROUP BY day, account_id, id;
  `,
};
