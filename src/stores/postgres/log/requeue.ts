import type { ClientBase } from 'pg';
import { isCutText } from '../../../core/cut-event.ts';
import { heldCode, stateCode } from '../../codes.ts';
import { decodeEvent } from '../../event-body.ts';
import { orderKeys } from '../../log/order-key.ts';
import { bigints, smallints } from '../array-params.ts';
import type { Webhook } from './loads.ts';
import { lockQueues } from './message-locks.ts';

const retrying = stateCode('retrying');

/** Deliveries of one webhook to be made due, by the numbers that the tables have. */
export interface RequeueRows extends Webhook {
  readonly deliveries: readonly number[];
  readonly states: readonly number[];
  readonly ordered: boolean;
  readonly now: number;
}

/** One that was made due, or waits its turn already. */
export interface RequeuedRow {
  readonly delivery: number;
  readonly orderKey: number | null;
}

interface Found {
  readonly seq: number;
  readonly state: number;
  readonly order_key: number | null;
  readonly event: number;
  readonly id: string | null;
  readonly account: string;
  readonly body: string;
}

/** What becomes of one. */
interface Change extends RequeuedRow {
  readonly state: number;
  /** It had ended: its row moves back to those that wait. */
  readonly hadEnded: boolean;
}

/**
 * Makes many deliveries of one webhook due now, in one transaction that the caller has begun; not those of events whose contents
 * are gone. Where the webhook wants order, one that had ended joins its message's queue: behind one that has not it is held.
 *
 * A delivery that had ended moves back, and its latest attempt to the others. The event is locked, so that its contents are not
 * cut meanwhile (`retention/end-events.ts`).
 */
export async function requeue(client: ClientBase, request: RequeueRows): Promise<readonly RequeuedRow[]> {
  const found = await find(client, request);
  const joining = found.filter((row) => joins(row, request));
  await lockQueues(
    client,
    joining.flatMap((row) => keysOf(row).map((key) => ({ webhook: request.webhook, key }))),
  );
  const busy = await busyQueues(client, request, joining.flatMap(keysOf));
  const changes: Change[] = [];
  const waiting: RequeuedRow[] = [];
  for (const row of found) {
    const { seq: delivery, state, order_key } = row;
    // A held one waits in its place already; who asks for what is on its way is told so.
    if (state === heldCode) waiting.push({ delivery, orderKey: order_key });
    else if (state === retrying) {
      changes.push({ delivery, orderKey: order_key, state: retrying, hadEnded: false });
    } else {
      const keys = joins(row, request) ? keysOf(row) : [];
      const before = keys.find((key) => busy.has(key));
      const orderKey = before ?? keys[0] ?? null;
      if (orderKey !== null) busy.add(orderKey);
      changes.push({
        ...{ delivery, orderKey, hadEnded: true },
        state: before === undefined ? retrying : heldCode,
      });
    }
  }
  await write(client, request, changes);
  const all: RequeuedRow[] = [...waiting, ...changes];
  return all
    .map(({ delivery, orderKey }) => ({ delivery, orderKey }))
    .toSorted((a, b) => a.delivery - b.delivery);
}

/** One that is on its way may be in its lane's memory, as one that waits for nobody. */
function joins({ state }: Found, { ordered }: RequeueRows): boolean {
  return ordered && state !== retrying && state !== heldCode;
}

function keysOf({ event: seq, id, account, body }: Found): readonly number[] {
  return orderKeys(decodeEvent({ seq, id, account, body }));
}

async function find(client: ClientBase, request: RequeueRows): Promise<readonly Found[]> {
  const { account, webhook, deliveries, states } = request;
  const waits = states.includes(retrying) ? [retrying, heldCode] : [];
  const { rows } = await client.query<Found>(
    `select d.seq, d.state, d.order_key, d.event, e.own_id as id, e.account, e.body
     from (
       select w.account, w.seq, w.state, w.order_key, w.event from waiting w
       where w.account = $1::text collate "C" and w.webhook = $2::text collate "C" and w.seq = any($3::bigint[])
         and w.state = any($4::smallint[])
       union all
       select d.account, d.seq, d.state, null, d.event from deliveries d
       where d.account = $1::text collate "C" and d.seq = any($3::bigint[]) and d.webhook = $2::text collate "C"
         and d.state = any($5::smallint[])
     ) as d
     join events e on e.account = d.account and e.seq = d.event
     order by d.seq for key share of e`,
    [account, webhook, bigints(deliveries), smallints(waits), smallints(states)],
  );
  return rows.filter(({ body }) => !isCutText(body));
}

async function busyQueues(
  client: ClientBase,
  { account, webhook }: Webhook,
  keys: readonly number[],
): Promise<Set<number>> {
  if (keys.length === 0) return new Set();
  const { rows } = await client.query<{ order_key: number }>(
    `select distinct order_key from waiting
     where account = $1::text collate "C" and webhook = $2::text collate "C" and order_key = any($3::bigint[])`,
    [account, webhook, bigints([...new Set(keys)])],
  );
  return new Set(rows.map(({ order_key }) => order_key));
}

async function write(client: ClientBase, request: RequeueRows, changes: readonly Change[]): Promise<void> {
  const { account, webhook, now } = request;
  const due = changes.filter(({ hadEnded }) => !hadEnded);
  if (due.length > 0) {
    await client.query(
      `update waiting set due = $4::bigint, since_replay = 0, manual = 1
       where account = $1::text collate "C" and webhook = $2::text collate "C" and seq = any($3::bigint[])`,
      [account, webhook, bigints(due.map(({ delivery }) => delivery)), now],
    );
  }
  const back = changes.filter(({ hadEnded }) => hadEnded);
  if (back.length === 0) return;
  await client.query(moveBack, [
    ...[account, webhook, now],
    bigints(back.map(({ delivery }) => delivery)),
    smallints(back.map(({ state }) => state)),
    bigints(back.map(({ orderKey }) => orderKey)),
  ]);
}

const moveBack = `
  with given as (
    select * from unnest($4::bigint[], $5::smallint[], $6::bigint[]) as g (seq, state, order_key)
  ), back as (
    delete from deliveries d using given g
    where d.account = $1::text collate "C" and d.seq = g.seq and d.webhook = $2::text collate "C"
    returning d.*, g.state as new_state, g.order_key
  ), latest as (
    insert into attempts (account, delivery, number, webhook_version, manual, started_at, duration_ms, status_code, error_class,
      error_detail, response_body)
    select account, seq, attempts, webhook_version, attempt_manual, started_at, duration_ms, status_code, error_class,
      error_detail, response_body
    from back where webhook_version is not null
  )
  insert into waiting (account, webhook, seq, event, state, attempts, since_replay, manual, due, size, order_key, status_code,
    error_class, counted_at)
  select b.account, b.webhook, b.seq, b.event, b.new_state, b.attempts, 0, 1, $3::bigint, length(e.body), b.order_key,
    b.status_code, b.error_class, b.started_at
  from back b join events e on e.account = b.account and e.seq = b.event`;
