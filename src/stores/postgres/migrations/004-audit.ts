import type { Migration } from './migration.ts';

/** Who changed what. Rows are only ever added. */
export const auditTables: Migration = {
  number: 4,
  name: 'audit',
  sql: `
    -- number is the millisecond and a counter, as in core/ids.ts. at: ms since the Unix epoch. changes: JSON.
    create table audit (
      number      bigint not null primary key,
      at          bigint not null,
      account_id  id,
      actor_kind  text not null,
      actor_id    id not null,
      actor_name  text not null,
      action      text not null,
      target_type text,
      target_id   id,
      target_name text,
      changes     text not null,
      ip          text
    );
    create index audit_by_account on audit (account_id, number) where account_id is not null;
    create index audit_by_target on audit (target_id, number) where target_id is not null;

    -- Portal links that were opened, until they expire: each opens once.
    create table used_portal_links (
      id         id not null primary key,
      expires_at bigint not null
    );
    create index used_portal_links_by_end on used_portal_links (expires_at);
  `,
};
