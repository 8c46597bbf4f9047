import type { Migration } from './migration.ts';

/** Who changed what. Rows are only ever added, in the order of time. */
export const auditTables: Migration = {
  number: 9,
  name: 'audit',
  sql: `
    -- number is the millisecond and a counter, as in core/ids.ts. at: ms since the Unix epoch. changes: JSON.
    create table audit (
      number integer not null primary key,
      at integer not null,
      account_id text,
      actor_kind text not null,
      actor_id text not null,
      actor_name text not null,
      action text not null,
      target_type text,
      target_id text,
      target_name text,
      changes text not null,
      ip text
    ) strict;
    create index audit_by_account on audit (account_id, number) where account_id is not null;
    create index audit_by_target on audit (target_id, number) where target_id is not null;

    -- Portal links that were opened, until they expire: each opens once.
    create table used_portal_links (
      id text not null primary key,
      expires_at integer not null
    ) strict, without rowid;
    create index used_portal_links_by_end on used_portal_links (expires_at);
  `,
};
