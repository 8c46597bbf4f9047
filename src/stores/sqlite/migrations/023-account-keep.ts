import type { Migration } from './migration.ts';

/** How long an account's payload and log are kept, in days; 0: for ever, null: as long as those of all accounts. */
export const accountKeep: Migration = {
  number: 23,
  name: 'account-keep',
  sql: `
    alter table accounts add column keep_payload_days integer;
    alter table accounts add column keep_log_days integer;
  `,
};
