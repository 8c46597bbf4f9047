import type { Migration } from './migration.ts';

/**
 * The index in runs that are merged and dropped (`search/keeper/`), instead of runs that stay for good beside a tree of
 * identities. What was indexed before stays in `search_buckets` and `event_identities` and is looked up there
 * (`search/former-index.ts`), until all of it is dropped.
 */
export const searchIndex: Migration = {
  number: 27,
  name: 'search-index',
  sql: `
    -- float64 pairs (term, event); what is in "identities" goes to event_identities when it is opened (writer/event-index.ts).
    alter table index_tail add column reports blob not null default x'';
    alter table index_tail add column own blob not null default x'';

    create table index_state (
      version  integer not null, -- rises when runs come into use or go
      folded   integer not null, -- rows of index_tail up to this id are in runs
      dropped  integer not null, -- events and deliveries up to this number are gone
      unkeyed  integer not null, -- the last event whose number has a term that was made without the number key
      next_run integer not null
    ) strict;
    insert into index_state select 1, 0, 0, coalesce((select seq from events order by seq desc limit 1), 0), 1;

    create table index_runs (
      run    integer primary key,
      kind   integer not null, -- 0 search terms, 1 identities of reports, 2 callers' own ids
      level  integer not null,
      first  integer not null, -- least number
      last   integer not null,
      pairs  integer not null,
      chunks integer not null, -- that are written
      blocks integer not null, -- of its filter; 0: it has none
      state  integer not null, -- 0 being written, 1 in use, 2 over
      target integer           -- the run that it is being merged into
    ) strict;
    create table index_chunks (
      id    integer primary key, -- run * 2^20 + place in it
      pairs blob not null        -- sorted (term, number), see search/runs/chunk.ts
    ) strict;
    create table index_places ( -- the first pair of each chunk
      run   integer not null,
      term  integer not null,
      seq   integer not null,
      chunk integer not null,
      primary key (run, term, seq)
    ) strict, without rowid;
    create table index_filters (
      id   integer primary key, -- run * 2^20 + block
      bits blob not null
    ) strict;
  `,
};
