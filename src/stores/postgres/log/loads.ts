import type { ClientBase } from 'pg';
import { sequenceAt, sequenceTime } from '../../../core/ids.ts';
import { stateCode } from '../../codes.ts';
import type { LoadedRow } from '../../log/loaded-row.ts';
import { bigints, integers, texts } from '../array-params.ts';
import { askKept } from '../kept-statements.ts';

const pending = stateCode('pending');
const retrying = stateCode('retrying');

/** A webhook with its account: rows lie by both. */
export interface Webhook {
  readonly account: string;
  readonly webhook: string;
}

/** What a SELECT of `LoadedRow` has, of waiting `w` and its event `e`. */
export const loadedColumns = `w.seq, w.webhook, w.attempts, w.since_replay, w.counted_at, w.list_most, w.manual, w.due, w.order_key,
  w.event, e.own_id as id, w.account, e.body, e.accepted_at`;
/** Of those that were never tried the rest is the same for all, or was asked for: each column takes half a µs to read. */
const neverTriedColumns = 'w.seq, w.due, w.order_key, w.event, e.own_id as id, e.body, e.accepted_at';
type NeverTriedRow = Pick<LoadedRow, 'seq' | 'due' | 'order_key' | 'event' | 'id' | 'body' | 'accepted_at'>;
/** Each event is looked up by its key, whatever else looks cheaper: all of an account's once seemed to be, and all deliveries stood still. */
export const joinEvent = `cross join lateral (
    select * from events e where e.account = w.account and e.seq = w.event offset 0) as e`;

// Written so, an index of rows in the database's own order is used whatever the parameters' would be.
const ofWebhook = 'account = $1::text collate "C" and webhook = $2::text collate "C"';

/**
 * Never-tried deliveries, the oldest first, up to the one with which their sizes reach `mostCharacters`. From the first on, since
 * one that another process accepted earlier may become visible later.
 *
 * @param held the numbers of those that are left out; some thousand at most
 */
export async function loadPending(
  client: ClientBase,
  { account, webhook }: Webhook,
  held: readonly number[],
  limit: number,
  mostCharacters: number,
): Promise<readonly LoadedRow[]> {
  // Not kept: PostgreSQL would plan for a tenth of all that waits instead of the limit, and read all events for that.
  const { rows } = await client.query<NeverTriedRow>(
    `with chosen as (
       select * from waiting where ${ofWebhook} and state = ${pending} and seq <> all ($3::bigint[])
       order by due, seq limit $4::integer
     ), sized as (select chosen.*, sum(size) over (order by due, seq) - size as before from chosen)
     select ${neverTriedColumns} from sized w ${joinEvent} where w.before < $5::bigint order by w.due, w.seq`,
    [account, webhook, bigints(held), limit, Math.min(mostCharacters, Number.MAX_SAFE_INTEGER)],
  );
  return rows.map((row) => neverTried(row, account, webhook));
}

function neverTried(
  { seq, due, order_key, event, id, body, accepted_at }: NeverTriedRow,
  account: string,
  webhook: string,
): LoadedRow {
  return {
    ...{ seq, webhook, due, order_key, event, id, account, body, accepted_at },
    ...{ attempts: 0, since_replay: 0, counted_at: null, list_most: null, manual: 0 },
  };
}

/** Which retries of a webhook are asked for. */
export interface AskedRetries extends Webhook {
  /** Those due by then (ms since the Unix epoch). */
  readonly now: number;
  readonly limit: number;
}

export interface LoadedRetries {
  /** The most overdue first. */
  readonly rows: readonly LoadedRow[];
  /** When the first is due that is not among them; `null`: there is none. */
  readonly next: number | null;
}

const askedRetries = `asked as (
    select n, account collate "C" as account, webhook collate "C" as webhook, now, most
    from unnest($1::text[], $2::text[], $3::bigint[], $4::integer[]) with ordinality as a (account, webhook, now, most, n)
  )`;
const retriesOf = `w.account = a.account and w.webhook = a.webhook and w.state = ${retrying}`;

// `before`: what those of the webhooks before come to, so that each webhook has all of its retries or none.
const loadRetriesStatement = {
  name: 'load_retries',
  text: `with ${askedRetries}, due as (
      select a.n, w.* from asked a cross join lateral (
        select * from waiting w where ${retriesOf} and w.due <= a.now order by w.due, w.seq limit a.most) as w
    ), sized as (
      select due.*, sum(size) over (order by n) - sum(size) over (partition by n) as before from due
    )
    select w.n, (select min(n) from sized where before >= $5::bigint) as cut, ${loadedColumns}
    from sized w ${joinEvent} where w.before < $5::bigint order by w.n, w.due, w.seq`,
};

const nextRetriesStatement = {
  name: 'next_retries',
  text: `with ${askedRetries}
    select (select min(w.due) from waiting w where ${retriesOf} and w.due > a.now) as next from asked a order by a.n`,
};

/**
 * Retries of webhooks that are due: of the first at least, and of those behind it until all together reach `mostCharacters`.
 *
 * @returns as many as were loaded, in their order
 */
export async function loadRetries(
  client: ClientBase,
  asked: readonly AskedRetries[],
  mostCharacters: number,
): Promise<readonly LoadedRetries[]> {
  const { rows } = await askKept<LoadedRow & { readonly n: number; readonly cut: number | null }>(
    client,
    loadRetriesStatement,
    [...retriesParams(asked), mostCharacters],
  );
  const count = (rows[0]?.cut ?? asked.length + 1) - 1;
  const due = asked.slice(0, count).map((): LoadedRow[] => []);
  for (const row of rows) due[row.n - 1]?.push(row);
  const ended = asked.slice(0, count).filter(({ limit }, i) => (due[i]?.length ?? 0) < limit);
  const later =
    ended.length === 0
      ? []
      : (await askKept<{ next: number | null }>(client, nextRetriesStatement, retriesParams(ended))).rows;
  const nextOf = new Map(ended.map((each, i) => [each, later[i]?.next ?? null]));
  return due.map((of, i) => {
    const each = asked[i] as AskedRetries;
    return { rows: of, next: nextOf.has(each) ? (nextOf.get(each) ?? null) : each.now };
  });
}

function retriesParams(asked: readonly AskedRetries[]): unknown[] {
  return [
    texts(asked.map(({ account }) => account)),
    texts(asked.map(({ webhook }) => webhook)),
    bigints(asked.map(({ now }) => now)),
    integers(asked.map(({ limit }) => limit)),
  ];
}

/** Those of these that wait for an attempt, and not behind another report. */
export async function loadThese(
  client: ClientBase,
  { account, webhook }: Webhook,
  deliveries: readonly number[],
): Promise<readonly LoadedRow[]> {
  const { rows } = await client.query<LoadedRow>(
    `select ${loadedColumns} from unnest($3::bigint[]) with ordinality as asked (seq, n)
     join waiting w on w.account = $1::text collate "C" and w.webhook = $2::text collate "C" and w.seq = asked.seq
     ${joinEvent} where w.state in (${pending}, ${retrying}) order by asked.n`,
    [account, webhook, bigints(deliveries)],
  );
  return rows;
}

export interface ArrivedDelivery extends Webhook {
  readonly seq: number;
}

/** Behind the number of an event come those of its deliveries: an event for millions of webhooks would be within that, in ms. */
const mostApartMs = 60_000;

// Each is looked up by its key: PostgreSQL, which takes the table for empty, saw no harm in going through all that had lately waited for
// the webhook, dead rows included (240 µs each by the clock, with two cores for three processes). Events are looked for between two
// numbers, which is in the partition of a day or two; without, all partitions are made ready for it, each time.
const loadArrivedStatement = {
  name: 'load_arrived',
  text: `select ${neverTriedColumns}, w.before >= $6::bigint as is_left
     from (
       select w.*, sum(w.size) over (order by g.n) - w.size as before
       from unnest($1::text[], $2::text[], $3::bigint[]) with ordinality as g (account, webhook, seq, n)
       cross join lateral (
         select * from waiting w
         where w.account = g.account collate "C" and w.webhook = g.webhook collate "C" and w.seq = g.seq offset 0) as w
       where w.state = ${pending}) as w
     left join lateral (
       select * from events e
       where w.before < $6::bigint and e.account = w.account and e.seq = w.event and e.seq between $4::bigint and $5::bigint
       offset 0) as e on true
     where e.seq is not null or w.before >= $6::bigint order by w.due, w.seq`,
};

/** Those of these that were never tried and can be, and which were left for the next time. */
export interface LoadedArrived {
  readonly rows: readonly LoadedRow[];
  readonly left: readonly ArrivedDelivery[];
}

/**
 * @param asked in the order in which they are read until their bodies reach `mostCharacters`
 * @returns the first of those that wait, at least
 */
export async function loadArrived(
  client: ClientBase,
  asked: readonly ArrivedDelivery[],
  mostCharacters: number,
): Promise<LoadedArrived> {
  let [first, last] = [Number.MAX_SAFE_INTEGER, 0];
  const askedBySeq = new Map<number, ArrivedDelivery>();
  for (const each of asked) {
    first = Math.min(first, each.seq);
    last = Math.max(last, each.seq);
    askedBySeq.set(each.seq, each);
  }
  if (askedBySeq.size === 0) return { rows: [], left: [] };
  const { rows } = await askKept<NeverTriedRow & { readonly is_left: boolean }>(
    client,
    loadArrivedStatement,
    [
      texts(asked.map(({ account }) => account)),
      texts(asked.map(({ webhook }) => webhook)),
      bigints(asked.map(({ seq }) => seq)),
      sequenceAt(sequenceTime(first) - mostApartMs),
      last,
      mostCharacters,
    ],
  );
  const isLeft = new Set(rows.filter(({ is_left }) => is_left).map(({ seq }) => seq));
  return {
    rows: rows.flatMap((row) => {
      if (row.is_left) return [];
      const { account, webhook } = askedBySeq.get(row.seq) as ArrivedDelivery;
      return [neverTried(row, account, webhook)];
    }),
    left: asked.filter(({ seq }) => isLeft.has(seq)),
  };
}

/** What waits for a webhook. */
export interface WaitingRow extends Webhook {
  readonly pending: boolean;
  /** When the first retry is due. */
  readonly next: number | null;
}

/** Before the first. */
const beginning: Webhook = { account: '', webhook: '' };

/**
 * Webhooks with something to do, behind this one; from one to the next in the index, however much waits for each. Fewer than `limit`
 * only when there are no more.
 */
export async function loadWaiting(
  client: ClientBase,
  after: Webhook | null,
  limit: number,
): Promise<readonly WaitingRow[]> {
  const { account, webhook } = after ?? beginning;
  const isWaiting = `state in (${pending}, ${retrying}) and state <= ${retrying}`;
  const { rows } = await client.query<WaitingRow>(
    `with recursive each as (
       (select account, webhook from waiting
         where ${isWaiting} and (account, webhook) > ($1::text collate "C", $2::text collate "C")
         order by account, webhook limit 1)
       union all
       select n.account, n.webhook from each cross join lateral (
         select w.account, w.webhook from waiting w
         where ${isWaiting} and (w.account, w.webhook) > (each.account, each.webhook)
         order by w.account, w.webhook limit 1) as n
     )
     select account, webhook,
       exists (select from waiting w
         where w.account = each.account and w.webhook = each.webhook and w.state = ${pending}) as pending,
       (select min(w.due) from waiting w
         where w.account = each.account and w.webhook = each.webhook and w.state = ${retrying}) as next
     from each limit $3::integer`,
    [account, webhook, limit],
  );
  return rows;
}
