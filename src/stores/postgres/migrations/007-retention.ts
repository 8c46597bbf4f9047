import type { Migration } from './migration.ts';

/** How far the two clocks have come (`stores/retention/plan-cursors.ts`), and the events that they have passed and left. */
export const retentionTables: Migration = {
  number: 7,
  name: 'retention',
  sql: `
    -- clock: 1 payload, 2 log. keep_ms: null, for ever. upto: all events of its accounts up to this number were dealt with. For
    -- accounts that have no row in retention_members it is 1 (payload) and 2 (log).
    create table retention_cursors (
      id      integer not null primary key,
      clock   smallint not null,
      keep_ms bigint,
      upto    bigint not null
    );
    insert into retention_cursors values (1, 1, null, 0), (2, 2, null, 0);

    create table retention_members (
      account id not null,
      clock   smallint not null,
      cursor  integer not null references retention_cursors (id),
      primary key (account, clock)
    );

    -- look_at: ms.
    create table retention_left (
      account id not null,
      event   bigint not null,
      clock   smallint not null,
      look_at bigint not null,
      primary key (account, event, clock)
    );
    create index retention_left_by_time on retention_left (clock, look_at, event);
  `,
};
