import type { Migration } from './migration.ts';

/**
 * What erased events are to be found by no more, as each transaction that erases leaves it in one row, by erasure: so that one
 * does not wait for what another has left, and some hundred rows of hashes less are written.
 */
export const forgottenByErasure: Migration = {
  number: 30,
  name: 'forgotten-by-erasure',
  sql: `
    alter table index_forgotten rename to forgotten_before;
    create table index_forgotten (
      id         integer primary key,
      erasure    integer not null, -- hash53 of the task's id; 0: asked for before this step
      terms      text not null,    -- JSON lists of numbers; all terms go with all numbers
      identities text not null,
      seqs       text not null
    ) strict;
    create index index_forgotten_by_erasure on index_forgotten (erasure, id);
    insert into index_forgotten (erasure, terms, identities, seqs)
      select 0, json_group_array(term), json_group_array(term), json_array(seq) from forgotten_before group by seq;
    drop table forgotten_before;
  `,
};
