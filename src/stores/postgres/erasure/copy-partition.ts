import type { ClientBase } from 'pg';
import type { partitioned } from './marks.ts';

/** A partition that is written anew, as a copy beside it that takes its place. */
export interface Copied {
  readonly name: string;
  readonly parent: (typeof partitioned)[number];
}

/** By what its rows are copied: in the order in which they are read most. */
const keys = {
  events: ['seq'],
  deliveries: ['seq'],
  attempts: ['account', 'delivery', 'number'],
} as const;
/** The number of an event or a delivery, by which its rows are found again. */
const numbers = { events: 'seq', deliveries: 'seq', attempts: 'delivery' } as const;

const rowsTogether = 500;
const changesTogether = 1_000;
/** So few are taken over while everybody waits. */
export const fewChanges = 200;
/** An index of a busy day's copy takes some seconds to build. */
const indexWithinMs = 15 * 60_000;

/** The name of the copy, as long as it is none. */
export function copyOf({ name }: Pick<Copied, 'name'>): string {
  return `copy_of_${name}`;
}

/**
 * Begins an empty copy, and has all changes noted from now on; inside a transaction that waits for no lock for long. It has no
 * indexes until it has its rows: to build one from all of them writes a fifth as much as to add to it row by row.
 */
export async function beginCopy(client: ClientBase, partition: Copied): Promise<void> {
  const { name, parent } = partition;
  const copy = copyOf(partition);
  await client.query(`lock table ${name} in share row exclusive mode`);
  const { rows } = await client.query<{ bounds: string; options: string[] | null; unsampled: string[] }>(
    `select pg_get_partition_constraintdef(oid) as bounds, reloptions as options,
       array(select attname::text from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped and attstattarget = 0) as unsampled
     from pg_class c where oid = $1::regclass`,
    [name],
  );
  const { bounds, options, unsampled } = rows[0] ?? { bounds: 'true', options: null, unsampled: [] };
  await client.query(`drop table if exists ${copy}; drop trigger if exists while_copied on ${name}`);
  await client.query('delete from changes_while_copied where place = $1', [name]);
  await client.query(
    `create table ${copy} (like ${name} including all excluding indexes, constraint of_partition check (${bounds}))
     ${options ? `with (${options.join(', ')})` : ''}`,
  );
  for (const column of unsampled)
    await client.query(`alter table ${copy} alter column ${column} set statistics 0`);
  await client.query(
    `create trigger while_copied after insert or update or delete on ${name}
     for each row execute function note_change_while_copied('${parent}')`,
  );
}

/** Whether the copy has the partition's columns, which a step of the schema may have changed since; nobody changes them until the end. */
export async function hasItsColumns(client: ClientBase, partition: Copied): Promise<boolean> {
  await client.query(`lock table only ${partition.name} in access share mode`);
  const columns = `select array_agg((attname, atttypid)::text order by attnum) from pg_attribute
    where attnum > 0 and not attisdropped and attrelid =`;
  const { rows } = await client.query<{ same: boolean }>(
    `select (${columns} to_regclass($1)) is not distinct from (${columns} to_regclass($2)) as same`,
    [partition.name, copyOf(partition)],
  );
  return rows[0]?.same === true;
}

/** The key of a row, as JSON. */
export type CopiedUpTo = string;

/** Copies the next rows; `null`: there are no more. @param last the last that was copied, `[]` for none */
export async function copyNext(
  client: ClientBase,
  partition: Copied,
  last: CopiedUpTo,
): Promise<CopiedUpTo | null> {
  const key = keys[partition.parent];
  const columns = key.join(', ');
  const after = JSON.parse(last) as (string | number)[];
  const beyond =
    after.length > 0 ? `where (${columns}) > (${after.map((_, i) => `$${i + 1}`).join(', ')})` : '';
  const { rows } = await client.query(
    `with next_rows as materialized (
       select * from ${partition.name} ${beyond} order by ${columns} limit ${rowsTogether}
     ), copied as (
       insert into ${copyOf(partition)} select * from next_rows
     )
     select ${columns}, count(*) over () as together from next_rows order by ${key.map((column) => `${column} desc`).join(', ')} limit 1`,
    after,
  );
  const end = rows[0] as Record<string, string | number> | undefined;
  return end && end.together === rowsTogether ? JSON.stringify(key.map((column) => end[column])) : null;
}

/** Builds the next of the partition's indexes on the copy. @returns `false`: it has them all */
export async function buildNextIndex(client: ClientBase, partition: Copied): Promise<boolean> {
  const { rows } = await client.query<{ definition: string; key: string | null }>(
    `select pg_get_indexdef(indexrelid) as definition,
       (select pg_get_constraintdef(oid) from pg_constraint where conindid = indexrelid and contype = 'p') as key
     from pg_index where indrelid = $1::regclass
     order by indexrelid offset (select count(*) from pg_index where indrelid = $2::regclass) limit 1`,
    [partition.name, copyOf(partition)],
  );
  const next = rows[0];
  if (!next) return false;
  const { definition, key } = next;
  const how = definition.slice(definition.indexOf(' USING '));
  const text = key
    ? `alter table ${copyOf(partition)} add ${key}`
    : `create index on ${copyOf(partition)} ${how}`;
  // One core at a time: it is behind the traffic.
  await client.query('set local max_parallel_maintenance_workers = 0');
  await client.query({ text, query_timeout: indexWithinMs } as never);
  return true;
}

/** Takes over some of what has changed since; gives how many changes that were. Nobody else may do so at the same time. */
export async function followChanges(client: ClientBase, partition: Copied): Promise<number> {
  const { rows } = await client.query<{ account: string; key: number }>(
    `delete from changes_while_copied where number in (
       select number from changes_while_copied where place = $1 order by number limit ${changesTogether})
     returning account, key`,
    [partition.name],
  );
  if (rows.length === 0) return 0;
  const number = numbers[partition.parent];
  const changed = `select distinct account, key from unnest($1::text[], $2::bigint[]) as k (account, key)`;
  const params = [rows.map(({ account }) => account), rows.map(({ key }) => key)];
  const copy = copyOf(partition);
  await client.query(
    `delete from ${copy} c using (${changed}) as k where c.account = k.account and c.${number} = k.key`,
    params,
  );
  await client.query(
    `insert into ${copy} select p.* from (${changed}) as k join ${partition.name} p
       on p.account = k.account and p.${number} = k.key`,
    params,
  );
  return rows.length;
}

/**
 * Puts the copy in the partition's place, inside a transaction that waits for no lock for long.
 * @returns `false`: too much has changed in the meantime; this must be undone
 */
export async function putInPlace(client: ClientBase, partition: Copied): Promise<boolean> {
  const { name, parent } = partition;
  const copy = copyOf(partition);
  // All three: a question reads of one after the other, and would not find in the copy what it has seen before.
  await client.query('lock table only events, only deliveries, only attempts in access exclusive mode');
  if ((await followChanges(client, partition)) >= changesTogether) return false;
  const { rows } = await client.query<{ bound: string }>(
    'select pg_get_expr(relpartbound, oid) as bound from pg_class where oid = $1::regclass',
    [name],
  );
  await client.query(
    `alter table ${parent} detach partition ${name};
     alter table ${parent} attach partition ${copy} ${rows[0]?.bound};
     drop table ${name};
     alter table ${copy} rename to ${name};
     alter table ${name} drop constraint of_partition`,
  );
  await renameIndexes(client, partition);
  return true;
}

/** They have the names of the copy's, which its next copy takes. */
async function renameIndexes(client: ClientBase, partition: Copied): Promise<void> {
  const { rows } = await client.query<{ index: string }>(
    `select relname as index from pg_index join pg_class c on c.oid = indexrelid
     where indrelid = $1::regclass and starts_with(relname, $2)`,
    [partition.name, copyOf(partition)],
  );
  const own = (index: string): string => partition.name + index.slice(copyOf(partition).length);
  await client.query(rows.map(({ index }) => `alter index ${index} rename to ${own(index)}`).join(';'));
}
