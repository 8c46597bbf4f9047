import type { Migration } from './migration.ts';

/** The limits that are an account's own, as a JSON object of numbers; what it does not name is as for all accounts. */
export const accountLimits: Migration = {
  number: 11,
  name: 'account-limits',
  sql: `
    ALTER TABLE accounts ADD COLUMN limits TEXT NOT NULL DEFAULT '{}';
  `,
};
