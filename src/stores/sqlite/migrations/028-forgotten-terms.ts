import type { Migration } from './migration.ts';

/** What erased events are to be found by no more, until the thread that keeps the index has taken it out. */
export const forgottenTerms: Migration = {
  number: 28,
  name: 'forgotten-terms',
  sql: `
    -- By term, so that those which lie together in a run are taken out together.
    create table index_forgotten (
      term integer not null,
      seq  integer not null,
      primary key (term, seq)
    ) strict, without rowid;
  `,
};
