import type { Migration } from './migration.ts';

/**
 * Work that takes longer than a request: replays of many deliveries. Few rows, written every second while they are at
 * work.
 */
export const taskTables: Migration = {
  number: 5,
  name: 'tasks',
  sql: `
    -- filter and states: JSON of what is sent again. progress: JSON, null when the task has ended.
    create table tasks (
      account_id text not null references accounts (id),
      id text not null unique,
      kind text not null,
      filter text not null,
      states text not null,
      state text not null,
      reason text,
      total integer,
      done integer not null,
      failed integer not null,
      skipped integer not null,
      progress text,
      created_at integer not null,
      finished_at integer,
      primary key (account_id, id)
    ) strict, without rowid;
    create index tasks_by_account on tasks (account_id, created_at, id);
    create index tasks_by_age on tasks (created_at, id);
    create index tasks_unfinished on tasks (created_at, id) where finished_at is null;
  `,
};
