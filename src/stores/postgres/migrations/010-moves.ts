import type { Migration } from './migration.ts';

/** Moving everything here from another store, and away to one (`hookwire move`). */
export const moves: Migration = {
  number: 10,
  name: 'moves',
  sql: `
    -- So far apart the numbers of an event's deliveries lie; null, as for all that are accepted here: 32 (core/node-sequence.ts).
    alter table events add column spacing smallint;

    -- One row while gateways are kept away. direction: 'into' this database, which is half full, or 'from' it. other: the other
    -- store, for people; source: what tells the store that is moved from others. until: gateways may be at work again then (ms by
    -- the database's clock), null: not before the row is gone. place: JSON, how far a move into it has come.
    create table moves (
      id        integer not null primary key check (id = 1),
      direction text not null,
      other     text not null,
      source    text not null,
      until     bigint,
      place     text
    );
  `,
};
