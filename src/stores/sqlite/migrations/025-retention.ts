import type { Migration } from './migration.ts';

/**
 * How far the two clocks have come (`retention/cursors.ts`). A cursor is for all accounts that keep things for as long, and for
 * those that have no row in `retention_members` it is 1 (payload) and 2 (log).
 */
export const retention: Migration = {
  number: 25,
  name: 'retention',
  sql: `
    create table retention_cursors (
      id      integer primary key,
      clock   integer not null, -- 1 payload, 2 log
      keep_ms integer,          -- null: for ever
      upto    integer not null  -- all rows of its accounts up to this number have been dealt with
    ) strict;
    insert into retention_cursors values (1, 1, null, 0), (2, 2, null, 0);

    create table retention_members (
      clock   integer not null,
      account text not null,
      cursor  integer not null references retention_cursors (id),
      primary key (clock, account)
    ) strict, without rowid;

    -- Events that a cursor has passed, and that something still needed.
    create table retention_left (
      clock   integer not null,
      event   integer not null,
      look_at integer not null, -- ms since the Unix epoch
      primary key (clock, event)
    ) strict, without rowid;
    create index retention_left_by_time on retention_left (clock, look_at);
  `,
};
