import type { Migration } from './migration.ts';

/** Events that came from a store which numbers their deliveries otherwise (`hookwire move`). */
export const spacing: Migration = {
  number: 32,
  name: 'spacing',
  sql: `
    -- So far apart the numbers of its deliveries lie; null, as for all that are accepted here: 1.
    alter table events add column spacing integer;
  `,
};
