import type { Migration } from './migration.ts';

/** Since when a webhook's endpoint has done nothing but fail (ms since the Unix epoch), so that a restart forgets no day. */
export const failingSince: Migration = {
  number: 4,
  name: 'failing-since',
  sql: 'ALTER TABLE webhooks ADD COLUMN failing_since INTEGER;',
};
