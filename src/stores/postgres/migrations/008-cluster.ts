import type { Migration } from './migration.ts';

/** The processes of a cluster, and who of them owns which shards of webhooks. Instants are ms by the database's clock. */
export const clusterTables: Migration = {
  number: 8,
  name: 'cluster',
  sql: `
    -- node: 0 to 31, of those that run at the same time (core/ids.ts). id: another one for each start.
    create table processes (
      node       smallint not null primary key check (node between 0 and 31),
      id         id not null unique,
      name       text not null,
      version    text not null,
      couriers   integer not null,
      is_leaving boolean not null default false,
      started_at bigint not null,
      seen_at    bigint not null
    );

    -- owner: a process, null: none. epoch rises each time it gets another owner. until: nobody may take it before.
    create table shard_leases (
      shard smallint not null primary key,
      owner id,
      epoch bigint not null,
      until bigint not null
    );
    insert into shard_leases select shard, null, 0, 0 from generate_series(0, 255) as shard;
  `,
};
