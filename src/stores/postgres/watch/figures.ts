import { countedAtMost, type StoreFigures } from '../../ports/figures.ts';
import type { Asking } from '../questions/questions.ts';
import { oldestPending } from './queues.ts';

/** Tables whose size is told apart; the partitions of one are one. */
const tables = ['events', 'event_identities', 'deliveries', 'attempts', 'waiting'] as const;

/**
 * As they were counted when last vacuumed or analysed, which happens by itself where much is written: to look at the files of
 * a year of partitions and their indexes takes a second. What was never counted is looked at.
 */
const sizesByTable = `
  with recursive parts (root, oid) as (
    select root, root::regclass::oid from unnest($1::text[]) as roots (root)
    union all
    select parts.root, inhrelid from parts join pg_inherits on inhparent = parts.oid
  ), files (root, oid) as (
    select root, oid from parts
    union all select root, indexrelid from parts join pg_index on indrelid = parts.oid
    union all select root, reltoastrelid from parts join pg_class on pg_class.oid = parts.oid where reltoastrelid <> 0
  )
  select root as name, sum(case
    when relpages > 1 then relpages * current_setting('block_size')::bigint else pg_relation_size(pg_class.oid) end) as bytes
  from files join pg_class on pg_class.oid = files.oid where relkind in ('r', 'i', 't') group by root
  union all select 'other', pg_database_size(current_database())`;

/** What is counted whole is read in the order of its pages: by an index it takes ten times as long. */
const fromEndToEnd = 'set local enable_seqscan = on';

/** What waits, and bytes by table, indexes among them; `other`: what else the database has. */
export async function readFigures(asking: Asking): Promise<StoreFigures> {
  await asking.read(fromEndToEnd);
  const [waiting] = await asking.read<{ n: number }>(
    `select count(*) as n from (select from waiting where state <= 2 limit ${countedAtMost}) as counted`,
  );
  const [first] = await oldestPending(asking, 1);
  const sizes = await asking.read<{ name: string; bytes: number }>(sizesByTable, [tables]);
  const bytes = Object.fromEntries(sizes.map(({ name, bytes: size }) => [name, size]));
  const told = tables.reduce((sum, table) => sum + (bytes[table] ?? 0), 0);
  return {
    waiting: waiting?.n ?? 0,
    oldestPendingAt: first?.at ?? null,
    bytes: { ...bytes, other: Math.max(0, (bytes.other ?? 0) - told) },
  };
}

/** Deliveries that have not ended, by account: from one end of the table to the other, 0.2 µs a delivery. */
export async function readWaitingByAccount(asking: Asking): Promise<ReadonlyMap<string, number>> {
  await asking.read(fromEndToEnd);
  const rows = await asking.read<{ account: string; n: number }>(
    'select account, count(*) as n from waiting group by account',
  );
  return new Map(rows.map(({ account, n }) => [account, n]));
}
