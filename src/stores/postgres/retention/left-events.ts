import type { ClientBase } from 'pg';
import type { RetentionClock } from '../../ports/retention.ts';
import { clockCodes } from './cursors.ts';
import { type EndingEvent, endingColumns } from './end-events.ts';

/** Those that are left since something needs them are looked at again after so long. */
export const lookAgainMs = 60_000;
/** Where so many are left, a clock goes no further before some have ended. */
export const mostLeft = 10_000;

/** Leaves events, to be looked at again at these instants (ms). */
export async function leaveEvents(
  client: ClientBase,
  clock: RetentionClock,
  events: readonly { readonly account: string; readonly seq: number; readonly lookAt: number }[],
): Promise<void> {
  if (events.length === 0) return;
  await client.query(
    `insert into retention_left (account, event, clock, look_at)
     select account, event, $4, look_at from unnest($1::text[], $2::bigint[], $3::bigint[]) as l (account, event, look_at)
     on conflict (account, event, clock) do update set look_at = excluded.look_at`,
    [
      events.map(({ account }) => account),
      events.map(({ seq }) => seq),
      events.map(({ lookAt }) => lookAt),
      clockCodes[clock],
    ],
  );
}

/** They need not be looked at again. */
export async function forgetLeft(
  client: ClientBase,
  clock: RetentionClock,
  seqs: readonly number[],
): Promise<void> {
  if (seqs.length === 0) return;
  await client.query('delete from retention_left where clock = $1 and event = any($2)', [
    clockCodes[clock],
    seqs,
  ]);
}

/** Those to look at now, the longest overdue first, locked; those that are gone are forgotten. */
export async function takeLeft(
  client: ClientBase,
  clock: RetentionClock,
  now: number,
  limit: number,
): Promise<readonly EndingEvent[]> {
  const { rows: due } = await client.query<{ account: string; event: number }>(
    'select account, event from retention_left where clock = $1 and look_at <= $2 order by look_at, event limit $3',
    [clockCodes[clock], now, limit],
  );
  if (due.length === 0) return [];
  const { rows } = await client.query<EndingEvent>(
    `select ${endingColumns} from events
     where (account, seq) in (select * from unnest($1::text[], $2::bigint[])) order by seq for update`,
    [due.map(({ account }) => account), due.map(({ event }) => event)],
  );
  const there = new Set(rows.map(({ seq }) => seq));
  await forgetLeft(
    client,
    clock,
    due.map(({ event }) => event).filter((seq) => !there.has(seq)),
  );
  return rows;
}

/** How many something needs; at most {@link mostLeft} are counted. */
export async function countLeft(client: ClientBase, clock: RetentionClock, now: number): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    `select count(*) as n from (select 1 from retention_left where clock = $1 and look_at <= $2 limit ${mostLeft}) as counted`,
    [clockCodes[clock], now + lookAgainMs],
  );
  return rows[0]?.n ?? 0;
}

/** Whether one is to be looked at now. */
export async function isAnyLeft(client: ClientBase, clock: RetentionClock, now: number): Promise<boolean> {
  const { rowCount } = await client.query(
    'select 1 from retention_left where clock = $1 and look_at <= $2 limit 1',
    [clockCodes[clock], now],
  );
  return (rowCount ?? 0) > 0;
}
