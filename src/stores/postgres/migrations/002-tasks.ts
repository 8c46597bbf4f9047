import type { Migration } from './migration.ts';

/** Work that takes longer than a request: replays of many deliveries, erasures. Few rows, written every second while at work. */
export const taskTables: Migration = {
  number: 2,
  name: 'tasks',
  sql: `
    -- filter and states: JSON of what is sent again. progress: JSON, null when the task has ended.
    create table tasks (
      account_id  id not null references accounts (id),
      id          id not null unique,
      kind        text not null,
      filter      text not null,
      states      text not null,
      state       text not null,
      reason      text,
      total       bigint,
      done        bigint not null,
      failed      bigint not null,
      skipped     bigint not null,
      progress    text,
      created_at  bigint not null,
      finished_at bigint,
      primary key (account_id, id)
    );
    create index tasks_by_account on tasks (account_id, created_at, id);
    create index tasks_by_age on tasks (created_at, id);
    create index tasks_unfinished on tasks (created_at, id) where finished_at is null;

    -- account_id is null for the platform's own; place: JSON, null where the task has ended. Who is sought until then is
    -- sealed in gateway_secrets, under the task's id.
    create table erasures (
      id                 id not null primary key,
      kind               text not null,
      account_id         id,
      deleted_account_id id,
      waiting            text not null,
      actor_kind         text not null,
      actor_id           id not null,
      actor_name         text not null,
      state              text not null,
      place              text,
      created_at         bigint not null,
      finished_at        bigint
    );
    create index erasures_by_account on erasures (account_id, created_at, id) where account_id is not null;
    create index erasures_by_age on erasures (created_at, id);
    create index erasures_unfinished on erasures (created_at, id) where finished_at is null;

    -- What they have erased so far, counted in the transactions that erase it.
    create table erasure_counts (
      erasure id not null,
      kind    text not null,
      count   bigint not null,
      primary key (erasure, kind)
    );

    -- How late it was when that was last written down, and whether the clock was doubted then (core/trusted-clock.ts).
    create table trusted_time (
      id         integer not null primary key check (id = 1),
      at         bigint not null,
      ahead_ms   bigint,
      doubted_ms bigint
    );
  `,
};
