import type { Migration } from './migration.ts';

/** Runs that are written from here on have several blocks of their filter in a row, which fills a page: a tenth of the rows are read. */
export const filtersInPages: Migration = {
  number: 31,
  name: 'filters-in-pages',
  sql: `
    -- Blocks of its filter that lie in a row of index_filters, whose id is run * 2^20 + place of the row.
    alter table index_runs add column abreast integer not null default 1;
  `,
};
