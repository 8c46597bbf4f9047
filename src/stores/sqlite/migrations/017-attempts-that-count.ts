import type { Migration } from './migration.ts';

/** Attempts that use up none of those allowed, and lists that are tried again in halves. */
export const attemptsThatCount: Migration = {
  number: 17,
  name: 'attempts-that-count',
  sql: `
    alter table deliveries add column counted_at integer; -- when the latest attempt began that counted (ms)
    alter table deliveries add column list_most integer; -- in how large a list it may go; null: any
  `,
};
