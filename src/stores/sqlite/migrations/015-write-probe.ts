import type { Migration } from './migration.ts';

/** What `writer/probe.ts` writes to find out whether the disk takes anything again. */
export const writeProbe: Migration = {
  number: 15,
  name: 'write probe',
  sql: 'create table write_probe (id integer primary key, filler blob not null) strict;',
};
