import type { ClientBase, Pool } from 'pg';
import { sequenceTime } from '../../../core/ids.ts';
import type { Traces } from '../../../core/traces.ts';
import { hasTraces, isAbout, isLookedAt, occursIn } from '../../erasure/event-traces.ts';
import { decodeEvent } from '../../event-body.ts';
import type { ErasureLook, FoundEvents } from '../../ports/erasures.ts';
import { dayOf } from '../retention/partitions.ts';
import { lastDeliveryOf } from '../spacing.ts';
import { inTransaction } from '../transaction.ts';
import { type EventRow, eventColumns, hasTexts } from './event-rows.ts';

export interface Stretch {
  /** `null`: all accounts. */
  readonly accountId: string | null;
  /** Events behind this one, up to that one. */
  readonly after: number;
  readonly upTo: number;
}

export interface TracesQuestion extends Stretch {
  readonly traces: Traces;
  readonly look: ErasureLook;
  /** A look ends after so long: how far it has come is kept then. */
  readonly mostMs: number;
}

/** So many are given at once. */
const mostFound = 200;
/** Events that are read together, and of which bodies end: these are looked through in some ms of the main thread. */
const rowsTogether = 100;
const mostBytes = 1024 * 1024;
/** Answers that are read together; one has 2 KiB. */
const textsTogether = 200;

/**
 * The next events in which somebody's traces are: in their text, their own id, or in what an endpoint answered to their
 * deliveries. No index has what stands inside of texts, so all events of the stretch are read; within an account its own.
 */
export async function findTraces(pool: Pool, question: TracesQuestion): Promise<FoundEvents> {
  const began = performance.now();
  const events: number[] = [];
  for (let last = question.after; ; ) {
    const { found, next } = await inTransaction(pool, 'read committed', (client) =>
      lookThroughNext(client, { ...question, after: last }),
    );
    for (const seq of found) {
      events.push(seq);
      if (events.length === mostFound) return { events, next: seq };
    }
    if (next === null) return { events, next: null };
    last = next;
    if (performance.now() - began > question.mostMs) return { events, next: last };
  }
}

/** The next events of an account. */
export async function findEventsOf(
  pool: Pool,
  { accountId, after, upTo }: Stretch & { readonly accountId: string },
): Promise<FoundEvents> {
  const { rows } = await pool.query<{ seq: number }>(
    'select seq from events where account = $1 and seq > $2 and seq <= $3 order by seq limit $4',
    [accountId, after, upTo, mostFound],
  );
  const events = rows.map(({ seq }) => seq);
  return { events, next: rows.length < mostFound ? null : (events.at(-1) ?? null) };
}

/**
 * Within one day: to plan a query over the tables of 400 takes longer than to read the events.
 * `next`: the last that was looked through, `null` where none is left.
 */
async function lookThroughNext(
  client: ClientBase,
  { traces, look, accountId, after, upTo }: TracesQuestion,
): Promise<{ readonly found: readonly number[]; readonly next: number | null }> {
  const day = dayOf(sequenceTime(after + 1));
  const until = Math.min(upTo, day.before - 1);
  const ofAccount = accountId === null ? '' : 'and account = $5';
  const { rows } = await client.query<EventRow & { readonly together: number }>(
    `select seq, account, id, deliveries, spacing, body, together from (
       select *, count(*) over () as together, sum(octet_length(body)) over (order by seq) - octet_length(body) as before
       from (select ${eventColumns} from events where seq > $1 and seq <= $2 ${ofAccount} order by seq limit $3) as next
     ) as bounded where before < $4 order by seq`,
    [after, until, rowsTogether, mostBytes, ...(accountId === null ? [] : [accountId])],
  );
  const last = rows.at(-1);
  if (!last) return { found: [], next: await beforeNext(client, { accountId, after: until, upTo }) };
  const found = new Set<number>();
  const unsure: EventRow[] = [];
  for (const row of rows) {
    const event = decodeEvent(row);
    const looked = isLookedAt(event, look);
    if (looked && hasTraces(row, event, traces)) found.add(row.seq);
    else if (row.deliveries > 0 && (looked || !isAbout(row, event, traces))) unsure.push(row);
  }
  for (const seq of await namedInAnswers(client, unsure, traces)) found.add(seq);
  const isEnd = rows.length === last.together && last.together < rowsTogether;
  const next = isEnd ? (until < upTo ? until : null) : last.seq;
  return { found: [...found].sort((a, b) => a - b), next };
}

/** The number before that of the next event; `null`: there is none. */
async function beforeNext(client: ClientBase, { accountId, after, upTo }: Stretch): Promise<number | null> {
  if (after >= upTo) return null;
  const ofAccount = accountId === null ? '' : 'and account = $3';
  const { rows } = await client.query<{ seq: number }>(
    `select seq from events where seq > $1 and seq <= $2 ${ofAccount} order by seq limit 1`,
    [after, upTo, ...(accountId === null ? [] : [accountId])],
  );
  return rows[0] ? rows[0].seq - 1 : null;
}

/** Those of them of which an endpoint's answer names the person. */
async function namedInAnswers(
  client: ClientBase,
  events: readonly EventRow[],
  traces: Traces,
): Promise<ReadonlySet<number>> {
  const named = new Set<number>();
  if (events.length === 0) return named;
  const lasts = events.map(lastDeliveryOf);
  // With the bounds of all, so that only the days that they are in are looked at.
  await client.query(
    `declare answers no scroll cursor for
     select e.seq, t.error_detail, t.response_body
     from unnest($1::text[], $2::bigint[], $3::bigint[], $6::smallint[]) as e (account, seq, last, spacing) cross join lateral (
       select error_detail, response_body from deliveries d
       where d.account = e.account and d.seq > e.seq and d.seq <= e.last and d.event = e.seq and ${hasTexts}
         and d.seq > $4 and d.seq <= $5
       union all
       select error_detail, response_body from attempts a
       where a.account = e.account and a.delivery > e.seq and a.delivery <= e.last
         and (a.delivery - e.seq) % e.spacing = 0 and ${hasTexts} and a.delivery > $4 and a.delivery <= $5
     ) as t`,
    [
      events.map(({ account }) => account),
      events.map(({ seq }) => seq),
      lasts,
      Math.min(...events.map(({ seq }) => seq)),
      Math.max(...lasts),
      events.map(({ spacing }) => spacing),
    ],
  );
  for (;;) {
    const { rows } = await client.query<{
      readonly seq: number;
      readonly error_detail: string | null;
      readonly response_body: Buffer | null;
    }>(`fetch ${textsTogether} from answers`);
    for (const { seq, error_detail, response_body } of rows) {
      if (named.has(seq)) continue;
      if (occursIn(traces, error_detail) || occursIn(traces, response_body?.toString())) named.add(seq);
    }
    if (rows.length < textsTogether) break;
  }
  await client.query('close answers');
  return named;
}
