import type { Migration } from './migration.ts';

/** Endpoints that get nothing but probes, so that a restart does not find out again which these are. */
export const openBreakers: Migration = {
  number: 18,
  name: 'open-breakers',
  sql: `
    create table open_breakers (
      webhook_id text not null primary key,
      until integer not null, -- when the next probe may leave (ms since the Unix epoch)
      trips integer not null -- how often it has opened since the endpoint was well
    ) strict, without rowid;
  `,
};
