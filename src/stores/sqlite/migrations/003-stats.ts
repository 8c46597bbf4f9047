import type { Migration } from './migration.ts';

/**
 * Figures by webhook and time. The key begins with the time, so that a flush of a thousand webhooks writes pages that
 * lie together, and what is old is one range; a webhook's figures are found bucket by bucket.
 *
 * errors, durations, latencies: JSON arrays of position, count, position, count … of what is not 0.
 */
export const statsTables: Migration = {
  number: 3,
  name: 'stats',
  sql: `
    CREATE TABLE webhook_stats (
      resolution INTEGER NOT NULL, -- 1 minute, 2 hour, 3 day
      start      INTEGER NOT NULL, -- ms since the Unix epoch
      webhook    TEXT NOT NULL,
      attempts   INTEGER NOT NULL,
      delivered  INTEGER NOT NULL,
      failed     INTEGER NOT NULL,
      errors     TEXT NOT NULL,
      durations  TEXT NOT NULL,
      latencies  TEXT NOT NULL,
      PRIMARY KEY (resolution, start, webhook)
    ) STRICT, WITHOUT ROWID;
  `,
};
