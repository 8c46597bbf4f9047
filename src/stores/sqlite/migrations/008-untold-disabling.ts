import type { Migration } from './migration.ts';

/**
 * When the gateway disabled a webhook (ms since the Unix epoch), until that was told of; so that a crash between the two
 * keeps it from nobody.
 */
export const untoldDisabling: Migration = {
  number: 8,
  name: 'untold-disabling',
  sql: `
    ALTER TABLE webhooks ADD COLUMN untold_disabling INTEGER;
    CREATE INDEX webhooks_untold ON webhooks (untold_disabling) WHERE untold_disabling IS NOT NULL;
  `,
};
