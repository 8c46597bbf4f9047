import type { Migration } from './migration.ts';

/**
 * Counts by webhook and time. `start`: ms since the Unix epoch. `resolution`: 1 minute, 2 hour, 3 day. `account` is '' for a
 * webhook that the directory does not know.
 *
 * `errors`, `durations` and `latencies` are counts behind their positions (`ports/stats.ts`). `add_counts` adds two of them
 * within the statement that writes, so that processes that count the same webhook need not talk.
 */
export const statsTables: Migration = {
  number: 6,
  name: 'stats',
  sql: `
    create function add_counts(a bigint[], b bigint[]) returns bigint[] language sql immutable parallel safe as $$
      select coalesce(array_agg(value order by position, kind), '{}')
      from (
        select position, sum(count)::bigint as count
        from (
          select a[i] as position, a[i + 1] as count from generate_series(1, cardinality(a), 2) as i
          union all
          select b[i], b[i + 1] from generate_series(1, cardinality(b), 2) as i
        ) as pairs
        group by position
      ) as sums
      cross join lateral (values (0, position), (1, count)) as flat (kind, value)
    $$;
    create aggregate sum_counts(bigint[]) (sfunc = add_counts, stype = bigint[], initcond = '{}');

    create table webhook_stats (
      account    id not null,
      webhook    id not null,
      resolution smallint not null,
      start      bigint not null,
      attempts   bigint not null,
      delivered  bigint not null,
      failed     bigint not null,
      errors     bigint[] not null,
      durations  bigint[] not null,
      latencies  bigint[] not null,
      primary key (account, webhook, resolution, start)
    ) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
    create index webhook_stats_by_age on webhook_stats (resolution, start);

    create table webhook_totals (
      account    id not null,
      resolution smallint not null,
      start      bigint not null,
      webhook    id not null,
      attempts   bigint not null,
      delivered  bigint not null,
      failed     bigint not null,
      primary key (account, resolution, start, webhook)
    ) with (
      -- The rows of this hour and this day are added to all the time: on their pages there is room for what they become.
      fillfactor = 70,
      autovacuum_vacuum_scale_factor = 0.05
    );
    create index webhook_totals_by_age on webhook_totals (resolution, start);
  `,
};
