import type { Migration } from './migration.ts';

/**
 * When events were accepted whose numbers do not say so: a clock that was ahead once leaves numbers that run ahead of it
 * (`core/ids.ts`). A row is for all events with numbers from `first` to `last`; there are none while the clock goes on as
 * clocks do.
 */
export const acceptanceTimes: Migration = {
  number: 16,
  name: 'acceptance times',
  sql: `
    create table acceptance_times (
      first integer primary key,
      last  integer not null,
      at    integer not null -- ms since the Unix epoch
    ) strict;
    create index acceptance_times_by_time on acceptance_times (at);
  `,
};
