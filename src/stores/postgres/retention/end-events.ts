import type { ClientBase } from 'pg';
import { cutEvent, encodeCut, isCutText } from '../../../core/cut-event.ts';
import { reportsKeptMs } from '../../../core/event-identity.ts';
import { decodeEvent } from '../../../core/event-text.ts';
import { sequenceId } from '../../../core/ids.ts';
import type { RetentionClock } from '../../ports/retention.ts';
import { lastDeliveryOf, type Numbering, spacingOf } from '../spacing.ts';

/** Of a row of table `events` what is needed to end it. */
export interface EndingEvent extends Numbering {
  readonly account: string;
  readonly own_id: string | null;
  readonly accepted_at: number;
  readonly body: string;
}

/** A delivery that has not ended, and holds up its event. */
export interface WaitingDelivery {
  readonly event: number;
  readonly seq: number;
  readonly webhook: string;
}

export const endingColumns = `seq, account, own_id, accepted_at, deliveries, ${spacingOf()} as spacing, body`;

/** The deliveries of these events have numbers from the event's own up to `last`. */
const ofEvents = `unnest($1::text[], $2::bigint[], $3::bigint[], $4::smallint[]) as e (account, seq, last, spacing)`;
/** Whose a row is; other processes' numbers lie between those of one event. */
const ownRows = {
  deliveries: 't.account = e.account and t.seq > e.seq and t.seq <= e.last and t.event = e.seq',
  attempts: `t.account = e.account and t.delivery > e.seq and t.delivery <= e.last
    and (t.delivery - e.seq) % e.spacing = 0`,
} as const;
/** Of all of them, so that only the days that they are in are planned for and locked. */
const inDays = {
  events: 't.seq between $5 and $6',
  deliveries: 't.seq between $5 and $6',
  attempts: 't.delivery between $5 and $6',
};

/**
 * Ends what is kept of events of which no delivery waits; gives the deliveries that do. Inside a transaction that has locked the
 * events' rows: whoever sends one again looks at its row first, so that nothing is cut that is to be sent.
 */
export async function endEvents(
  client: ClientBase,
  events: readonly EndingEvent[],
  { clock, now, key }: { readonly clock: RetentionClock; readonly now: number; readonly key: Uint8Array },
): Promise<readonly WaitingDelivery[]> {
  if (events.length === 0) return [];
  const { rows: waiting } = await client.query<WaitingDelivery>(
    `select w.event, w.seq, w.webhook from ${ofEvents}
     join waiting w on w.seq > e.seq and w.seq <= e.last and w.event = e.seq order by w.seq`,
    keysOf(events),
  );
  const held = new Set(waiting.map(({ event }) => event));
  const ending = events.filter(({ seq }) => !held.has(seq));
  if (ending.length > 0) await (clock === 'log' ? drop(client, ending) : cut(client, ending, now, key));
  return waiting;
}

function keysOf(events: readonly EndingEvent[]): [string[], number[], number[], number[]] {
  return [
    events.map(({ account }) => account),
    events.map(({ seq }) => seq),
    events.map(lastDeliveryOf),
    events.map(({ spacing }) => spacing),
  ];
}

/** The same with the first number of all and the last. */
function keysInDays(events: readonly EndingEvent[]): unknown[] {
  const [accounts, seqs, lasts, spacings] = keysOf(events);
  return [accounts, seqs, lasts, spacings, Math.min(...seqs), Math.max(...lasts)];
}

async function drop(client: ClientBase, events: readonly EndingEvent[]): Promise<void> {
  const keys = keysInDays(events);
  for (const table of ['attempts', 'deliveries'] as const)
    await client.query(
      `delete from ${table} t using ${ofEvents} where ${ownRows[table]} and ${inDays[table]}`,
      keys,
    );
  await client.query(
    `delete from events t using ${ofEvents}
     where t.account = e.account and t.seq = e.seq and e.last is not null and ${inDays.events}`,
    keys,
  );
  const seqs = events.map(({ seq }) => seq);
  await client.query('delete from event_identities where seq between $1 and $2 and seq = any($3)', [
    Math.min(...seqs),
    Math.max(...seqs),
    seqs,
  ]);
}

async function cut(
  client: ClientBase,
  events: readonly EndingEvent[],
  now: number,
  key: Uint8Array,
): Promise<void> {
  const whole = events.filter(({ body }) => !isCutText(body));
  if (whole.length > 0) {
    await client.query(
      `update events t set body = c.body from unnest($1::text[], $2::bigint[], $3::text[]) as c (account, seq, body)
       where t.account = c.account and t.seq = c.seq and t.seq between $4 and $5`,
      [
        whole.map(({ account }) => account),
        whole.map(({ seq }) => seq),
        whole.map((event) => cutBody(event, now, key)),
        Math.min(...whole.map(({ seq }) => seq)),
        Math.max(...whole.map(({ seq }) => seq)),
      ],
    );
  }
  for (const table of ['deliveries', 'attempts'] as const) {
    await client.query(
      `update ${table} t set response_body = null, error_detail = null from ${ofEvents}
       where ${ownRows[table]} and ${inDays[table]} and (t.response_body is not null or t.error_detail is not null)`,
      keysInDays(events),
    );
  }
}

function cutBody(
  { seq, account, own_id, accepted_at, body }: EndingEvent,
  now: number,
  key: Uint8Array,
): string {
  const event = decodeEvent(body, { id: own_id ?? sequenceId('evt', seq), accountId: account });
  // By its own id it is found for as long as it is there.
  const remembers = own_id !== null || now - accepted_at < reportsKeptMs;
  return encodeCut(cutEvent(event, { key, remembers }));
}
