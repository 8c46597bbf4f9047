import type { ClientBase } from 'pg';
import { sequenceTime } from '../../../core/ids.ts';
import { stateCode } from '../../codes.ts';
import { outdated } from '../../log/rows.ts';
import { contentTermsOf } from '../../search/content-terms.ts';
import { bigints, integers, smallints, texts } from '../array-params.ts';
import { askKept, type KeptStatement } from '../kept-statements.ts';
import { deliveryNumber, type IncomingRow } from './new-event.ts';

/** How an ordered delivery begins. */
export interface Beginning {
  readonly state: number;
  readonly key: number | null;
}

export interface StoreEventsOptions {
  /** The gateway's number key. */
  readonly numberKey: Uint8Array;
  /** Of ordered deliveries, by number; the others are pending. */
  readonly beginnings?: ReadonlyMap<number, Beginning>;
}

const pending = stateCode('pending');
const skipped = stateCode('skipped');

/**
 * Stores events with their deliveries, by one statement that is a transaction of its own: one way to the server and back, one
 * flush of its log. Whose identity somebody else has, is not stored: their numbers are the answer.
 *
 * An event that another process stores at the same moment is waited for; identities are taken in one order, so that two
 * processes never wait for each other.
 */
export async function storeEvents(
  client: ClientBase,
  events: readonly IncomingRow[],
  { numberKey, beginnings }: StoreEventsOptions,
): Promise<readonly number[]> {
  const takesOver = events.some(({ former }) => former !== null);
  const statement = statements[takesOver ? 1 : 0][beginnings === undefined ? 0 : 1];
  const { rows } = await askKept<{ seq: number }>(client, statement, [
    ...eventParams(events, numberKey),
    ...deliveryParams(events, beginnings),
    ...(takesOver ? [bigints(events.flatMap(({ former }) => former ?? []))] : []),
  ]);
  return rows.map(({ seq }) => seq);
}

function eventParams(events: readonly IncomingRow[], numberKey: Uint8Array): Buffer[] {
  const terms = events.map(({ row }) => contentTermsOf(numberKey, row));
  return [
    bigints(events.map(({ row }) => row.seq)),
    texts(events.map(({ row }) => row.account)),
    texts(events.map(({ row }) => row.ownId)),
    bigints(events.map(({ acceptedAt }) => acceptedAt)),
    bigints(events.map(({ identity }) => identity)),
    bigints(terms.map(({ message }) => message)),
    bigints(terms.map(({ transaction }) => transaction)),
    bigints(terms.map(({ number }) => number)),
    texts(events.map(({ row }) => row.body)),
    integers(events.map(({ row }) => row.webhookIds.length)),
  ];
}

function deliveryParams(
  events: readonly IncomingRow[],
  beginnings: ReadonlyMap<number, Beginning> | undefined,
): Buffer[] {
  const numbers: number[] = [];
  const eventOf: number[] = [];
  const webhooks: string[] = [];
  for (const { row } of events) {
    for (const [place, webhook] of row.webhookIds.entries()) {
      numbers.push(deliveryNumber(row.seq, place));
      eventOf.push(row.seq);
      webhooks.push(webhook);
    }
  }
  const params = [bigints(numbers), bigints(eventOf), texts(webhooks)];
  if (beginnings === undefined) return params;
  const of = numbers.map((number) => beginnings.get(number) ?? { state: pending, key: null });
  return [...params, smallints(of.map(({ state }) => state)), bigints(of.map(({ key }) => key))];
}

function statementOf(takesOver: boolean, isOrdered: boolean): KeptStatement {
  const ordered = isOrdered ? ', $14::smallint[], $15::bigint[]' : '';
  const former = `$${isOrdered ? 16 : 14}::bigint[]`;
  const place = `d.event / 4096 + ${sequenceTime(0)}`;
  const name = `store_events${takesOver ? '_taking_over' : ''}${isOrdered ? '_in_order' : ''}`;
  const text = `
    with given as (
      select seq, account collate "C" as account, own_id, accepted_at, identity, message_key, transaction_key, number_key,
        body, deliveries
      from unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
        $9::text[], $10::integer[]) as g (seq, account, own_id, accepted_at, identity, message_key, transaction_key, number_key,
        body, deliveries)
    ), fresh as (
      insert into event_identities as i (account, identity, seq)
      select account, identity, seq from given order by account, identity
      on conflict (account, identity) do ${takesOver ? `update set seq = excluded.seq where i.seq = any(${former})` : 'nothing'}
      returning seq
    ), stored as (
      insert into events (account, seq, own_id, accepted_at, deliveries, message_key, transaction_key, number_key, body)
      select account, seq, own_id, accepted_at, deliveries, message_key, transaction_key, number_key, body
      from given join fresh using (seq)
    ), begun as (
      select g.account, d.*, length(g.body) as size, ${place} as place
      from unnest($11::bigint[], $12::bigint[], $13::text[]${ordered}) as d (seq, event, webhook${isOrdered ? ', state, order_key' : ''})
      join given g on g.seq = d.event join fresh f on f.seq = d.event
    ), queued as (
      insert into waiting (account, webhook, seq, event, state, attempts, since_replay, manual, due, size, order_key)
      select account, webhook, seq, event, ${isOrdered ? 'state' : pending}, 0, 0, 0, place, size, ${isOrdered ? 'order_key' : 'null'}
      from begun ${isOrdered ? `where state <> ${skipped}` : ''}
    )${isOrdered ? endedAtOnce : ''}
    select seq from given g where not exists (select from fresh f where f.seq = g.seq)`;
  return { name, text };
}

/** Reports that are outdated when they come. */
const endedAtOnce = `, ended as (
      insert into deliveries (account, seq, event, webhook, state, attempts, since_replay, manual, ended_at, reason)
      select account, seq, event, webhook, state, 0, 0, 0, place, '${outdated}' from begun where state = ${skipped}
    )`;

/** By whether identities are taken over, and whether webhooks want order. */
const statements = [
  [statementOf(false, false), statementOf(false, true)],
  [statementOf(true, false), statementOf(true, true)],
] as const;
