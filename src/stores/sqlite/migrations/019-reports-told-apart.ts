import type { Migration } from './migration.ts';

/**
 * Events are told apart by all that they carry, and numbers have one form. Events stay as they are: those up to `last_event`
 * are looked up by what they were kept under before. A sender whose number begins with 00 is the same as one without.
 */
export const reportsToldApart: Migration = {
  number: 19,
  name: 'reports-told-apart',
  sql: `
    create table former_terms (last_event integer not null) strict; -- the last event with terms of before
    -- Not max(seq) with a condition: that reads every event.
    insert into former_terms select seq from events order by seq desc limit 1;

    update or ignore senders set product_unique_id = ltrim(product_unique_id, '0')
      where product_unique_id glob '00*' and ltrim(product_unique_id, '0') <> '';
    -- What is still there has its number registered in the other form too.
    delete from senders where product_unique_id glob '00*' and ltrim(product_unique_id, '0') <> '';
  `,
};
