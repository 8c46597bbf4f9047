import type { Migration } from './migration.ts';

/**
 * Since when a secret has signed, so that the request of an old attempt can be shown as it was; null where that is not
 * known. A secret that is no longer needed is wiped (''), its row stays.
 */
export const secretHistory: Migration = {
  number: 10,
  name: 'secret-history',
  sql: `
    ALTER TABLE webhook_secrets ADD COLUMN created_at INTEGER;
    UPDATE webhook_secrets SET created_at =
      (SELECT created_at FROM webhooks WHERE account_id = webhook_secrets.account_id AND id = webhook_id) WHERE number = 1;
  `,
};
