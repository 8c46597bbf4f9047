import type { Migration } from './migration.ts';

/** How late it was when that was last written down, and whether the clock was doubted then (`core/trusted-clock.ts`). */
export const trustedTime: Migration = {
  number: 29,
  name: 'trusted-time',
  sql: `
    create table trusted_time (
      id         integer primary key check (id = 1),
      at         integer not null, -- ms since the Unix epoch
      ahead_ms   integer,          -- how far the clock was ahead of it; null: it was believed
      doubted_ms integer           -- for how long that had been so
    ) strict;
  `,
};
