import type { ClientBase } from 'pg';
import { sequenceTime } from '../../../core/ids.ts';
import {
  batchBounds,
  batchLength,
  type LogBatch,
  lastOfBatch,
  type MovedAttempt,
  type MovedDelivery,
  type MovedEvent,
} from '../../moving/log-batch.ts';
import { bigints, texts } from '../array-params.ts';
import { dayOf } from '../retention/partitions.ts';
import { spacingOf } from '../spacing.ts';

/** The next events behind a number, with all that is theirs; `null`: there are none. Read in one transaction. */
export async function readLog(client: ClientBase, after: number): Promise<LogBatch | null> {
  const last = await lastOfNext(client, after);
  if (last === null) return null;
  const events = await readEvents(client, after, last);
  const first = events[0]?.seq ?? 0;
  const deliveries = await readDeliveries(client, { first, last, end: lastOfBatch(events) });
  return { events, deliveries, attempts: await readAttempts(client, deliveries) };
}

/** The last event of the next batch, within a day: to plan a query over the tables of 400 takes longer than to read it. */
async function lastOfNext(client: ClientBase, after: number): Promise<number | null> {
  for (let from = after; ; ) {
    const day = dayOf(sequenceTime(from + 1));
    const { rows } = await client.query<{ seq: number; bytes: number; deliveries: number }>(
      `select seq, octet_length(body) as bytes, deliveries from events where seq > $1 and seq < $2
       order by seq limit ${batchBounds.events}`,
      [from, day.before],
    );
    const last = rows[batchLength(rows) - 1];
    if (last) return last.seq;
    const next = await client.query<{ seq: number }>(
      'select seq from events where seq >= $1 order by seq limit 1',
      [day.before],
    );
    const [found] = next.rows;
    if (!found) return null;
    from = found.seq - 1;
  }
}

async function readEvents(client: ClientBase, after: number, last: number): Promise<MovedEvent[]> {
  const { rows } = await client.query<MovedEvent>(
    `select seq, account, own_id as id, accepted_at as "acceptedAt", deliveries, ${spacingOf()} as spacing, body,
       number_key as "numberTerm", null as identity
     from events where seq > $1 and seq <= $2 order by seq`,
    [after, last],
  );
  const isUnknown = ({ id, body }: MovedEvent): boolean => id === null && body.startsWith('[');
  if (!rows.some(isUnknown)) return rows;
  const found = await client.query<{ seq: number; identity: number }>(
    'select seq, identity from event_identities where seq > $1 and seq <= $2',
    [after, last],
  );
  const identityOf = new Map(found.rows.map(({ seq, identity }) => [seq, identity]));
  return rows.map((row) => (isUnknown(row) ? { ...row, identity: identityOf.get(row.seq) ?? null } : row));
}

interface Bounds {
  readonly first: number;
  readonly last: number;
  /** No delivery of these events has a higher number. */
  readonly end: number;
}

async function readDeliveries(client: ClientBase, { first, last, end }: Bounds): Promise<MovedDelivery[]> {
  const { rows } = await client.query<MovedDelivery>(
    `select account, seq, event, webhook, state, attempts, since_replay as "sinceReplay", manual, due, null as reason,
       status_code as "statusCode", error_class as "errorClass", order_key as "orderKey", counted_at as "countedAt",
       list_most as "listMost"
     from waiting where seq > $1 and seq <= $3 and event >= $1 and event <= $2
     union all
     select account, seq, event, webhook, state, attempts, since_replay, manual, ended_at, reason, status_code, error_class,
       null, null, null
     from deliveries where seq > $1 and seq <= $3 and event >= $1 and event <= $2
     order by 2`,
    [first, last, end],
  );
  return rows;
}

type StoredAttempt = Omit<MovedAttempt, 'responseBody'> & { readonly responseBody: Buffer | null };

/** Those before the latest, and the latest of what has ended. */
async function readAttempts(
  client: ClientBase,
  deliveries: readonly MovedDelivery[],
): Promise<MovedAttempt[]> {
  const tried = deliveries.filter(({ attempts }) => attempts > 0);
  const [first, last] = [tried[0]?.seq, tried.at(-1)?.seq];
  if (first === undefined || last === undefined) return [];
  const { rows } = await client.query<StoredAttempt>(
    `with given as (select * from unnest($1::text[], $2::bigint[]) as g (account, seq))
     select a.account, a.delivery, a.number, a.webhook_version as "webhookVersion", a.manual, a.started_at as "startedAt",
       a.duration_ms as "durationMs", a.status_code as "statusCode", a.error_class as "errorClass",
       a.error_detail as "errorDetail", a.response_body as "responseBody"
     from given g join attempts a on a.account = g.account collate "C" and a.delivery = g.seq
       and a.delivery >= $3 and a.delivery <= $4
     union all
     select d.account, d.seq, d.attempts, d.webhook_version, d.attempt_manual, d.started_at, d.duration_ms, d.status_code,
       d.error_class, d.error_detail, d.response_body
     from given g join deliveries d on d.account = g.account collate "C" and d.seq = g.seq
       and d.seq >= $3 and d.seq <= $4 and d.started_at is not null
     order by 2, 3`,
    [texts(tried.map(({ account }) => account)), bigints(tried.map(({ seq }) => seq)), first, last],
  );
  return rows.map((row) => ({ ...row, responseBody: row.responseBody?.toString('utf8') ?? null }));
}

/** The days (ms at midnight, UTC) in which events or deliveries have numbers. */
export async function daysOfLog(client: ClientBase): Promise<readonly number[]> {
  const days = new Set<number>();
  for (const table of ['events', 'waiting', 'deliveries']) {
    for (let from = 0; ; ) {
      const { rows } = await client.query<{ seq: number }>(
        `select seq from ${table} where seq >= $1 order by seq limit 1`,
        [from],
      );
      const [found] = rows;
      if (!found) break;
      const day = dayOf(sequenceTime(found.seq));
      days.add(day.at);
      from = day.before;
    }
  }
  return [...days].sort((a, b) => a - b);
}
