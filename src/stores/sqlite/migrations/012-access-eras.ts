import type { Migration } from './migration.ts';

/**
 * Sign-ins that were under way while access was revoked. `access_era` counts revocations; a person's era is that of the
 * last one of theirs, a session's is that in which the check of its password (or of what the provider said) began. A
 * session of an earlier era than its person's is none.
 */
export const accessEras: Migration = {
  number: 12,
  name: 'access eras',
  sql: `
    create table access_era (number integer not null) strict;
    insert into access_era values (0);
    alter table auth_user add column "era" integer not null default 0;
    alter table auth_session add column "era" integer not null default 0;
  `,
};
