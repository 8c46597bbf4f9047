import type { Migration } from './migration.ts';

/** Tasks that erase, and what they have erased so far, counted in the transactions that erase it. */
export const erasureTables: Migration = {
  number: 26,
  name: 'erasures',
  sql: `
    -- account_id is null for the platform's own; place: JSON, null where the task has ended. Who is sought until then is
    -- sealed in gateway_secrets, under the task's id.
    create table erasures (
      id text not null primary key,
      kind text not null,
      account_id text,
      deleted_account_id text,
      waiting text not null,
      actor_kind text not null,
      actor_id text not null,
      actor_name text not null,
      state text not null,
      place text,
      created_at integer not null,
      finished_at integer
    ) strict, without rowid;
    create index erasures_by_account on erasures (account_id, created_at, id) where account_id is not null;
    create index erasures_by_age on erasures (created_at, id);
    create index erasures_unfinished on erasures (created_at, id) where finished_at is null;

    create table erasure_counts (
      erasure text not null,
      kind text not null,
      count integer not null,
      primary key (erasure, kind)
    ) strict, without rowid;

    -- One row, changed so that every connection reads its pages anew.
    create table wipes (at integer not null) strict;
    insert into wipes values (0);

    -- Few, for moments: nobody is shown what these have.
    create index accounts_deleted on accounts (id) where deleted_at is not null;
  `,
};
