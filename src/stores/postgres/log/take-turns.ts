import type { ClientBase } from 'pg';
import { isCutText } from '../../../core/cut-event.ts';
import { statusStep } from '../../../core/status-ladder.ts';
import { heldCode, stateCode } from '../../codes.ts';
import { decodeEvent } from '../../event-body.ts';
import type { LoadedRow } from '../../log/loaded-row.ts';
import { storyKey } from '../../log/order-key.ts';
import { outdated } from '../../log/rows.ts';
import { bigints, integers, texts } from '../array-params.ts';
import { isOutdated } from './begin-in-order.ts';
import { joinEvent, loadedColumns } from './loads.ts';

/** An ordered delivery that has ended, in this transaction. */
export interface EndedInOrder {
  readonly account: string;
  readonly webhook: string;
  readonly event: number;
  /** Its message's queue, which is locked; `null`: it was in none. */
  readonly order_key: number | null;
  readonly isDelivered: boolean;
  /** ms since the Unix epoch. */
  readonly at: number;
}

/** Deliveries that waited for those before them. */
export interface Turns {
  /** They may be sent now. */
  readonly released: readonly LoadedRow[];
  /** They were skipped: more was told since. */
  readonly overtaken: readonly LoadedRow[];
}

const retrying = stateCode('retrying');
const skipped = stateCode('skipped');
/** A queue's deliveries that are looked at together: almost always the first of them may go. */
const atOnce = 8;

/** Notes what was told by those that were delivered, and lets the next of each queue go. */
export async function takeTurns(client: ClientBase, ended: readonly EndedInOrder[]): Promise<Turns> {
  await noteTold(
    client,
    ended.filter(({ isDelivered }) => isDelivered),
  );
  const released: LoadedRow[] = [];
  const overtaken: LoadedRow[] = [];
  let queues = queuesOf(ended);
  while (queues.length > 0) {
    const again: Queue[] = [];
    const heads = await readHeads(client, queues);
    for (const [n, queue] of queues.entries()) {
      const own = heads.filter((head) => head.n === n + 1);
      // What a person asked to be sent again goes out whatever was told since.
      const next = own.findIndex((head) => head.manual === 1 || !isOutdated(eventOf(head), head.told));
      for (const head of next < 0 ? own : own.slice(0, next)) overtaken.push({ ...head, due: queue.at });
      const head = own[next];
      if (head) released.push({ ...head, due: queue.at });
      else if (own.length === atOnce) again.push(queue);
    }
    await skip(
      client,
      overtaken.filter(({ seq }) => heads.some((head) => head.seq === seq)),
    );
    queues = again;
  }
  await release(client, released);
  return { released, overtaken };
}

interface Queue {
  readonly account: string;
  readonly webhook: string;
  readonly key: number;
  readonly at: number;
}

function queuesOf(ended: readonly EndedInOrder[]): Queue[] {
  const queues = new Map<string, Queue>();
  for (const { account, webhook, order_key: key, at } of ended) {
    if (key !== null) queues.set(`${webhook} ${key}`, { account, webhook, key, at });
  }
  return [...queues.values()];
}

interface Head extends LoadedRow {
  /** Of its queue, from 1. */
  readonly n: number;
  readonly told: Parameters<typeof isOutdated>[1];
}

async function readHeads(client: ClientBase, queues: readonly Queue[]): Promise<readonly Head[]> {
  const { rows } = await client.query<LoadedRow & { readonly n: number }>(
    `select q.n, ${loadedColumns} from unnest($1::text[], $2::text[], $3::bigint[]) with ordinality as q (account, webhook, key, n)
     cross join lateral (
       select * from waiting w where w.account = q.account collate "C" and w.webhook = q.webhook collate "C"
         and w.order_key = q.key and w.state = ${heldCode} order by w.seq limit ${atOnce}) as w
     ${joinEvent} order by q.n, w.seq`,
    [
      texts(queues.map(({ account }) => account)),
      texts(queues.map(({ webhook }) => webhook)),
      bigints(queues.map(({ key }) => key)),
    ],
  );
  if (rows.length === 0) return [];
  const told = await client.query<{
    step: number | null;
    seq: number | null;
    id: string | null;
    account: string;
    body: string;
  }>(
    `select t.step, e.seq, e.own_id as id, e.account, e.body
     from unnest($1::text[], $2::text[], $3::bigint[]) with ordinality as k (account, webhook, story, n)
     left join told_steps t on t.account = k.account collate "C" and t.webhook = k.webhook collate "C" and t.message = k.story
     left join events e on e.account = t.account and e.seq = t.event order by k.n`,
    [
      texts(rows.map(({ account }) => account)),
      texts(rows.map(({ webhook }) => webhook)),
      bigints(rows.map((row) => storyKey(eventOf(row)))),
    ],
  );
  return rows.map((row, i): Head => {
    const { step = null, seq, ...text } = told.rows[i] ?? {};
    return { ...row, told: seq ? { step, seq, ...text } : { step } };
  });
}

async function noteTold(client: ClientBase, delivered: readonly EndedInOrder[]): Promise<void> {
  if (delivered.length === 0) return;
  const { rows } = await client.query<{
    n: number;
    seq: number;
    id: string | null;
    account: string;
    body: string;
  }>(
    `select k.n, e.seq, e.own_id as id, e.account, e.body
     from unnest($1::text[], $2::bigint[]) with ordinality as k (account, seq, n)
     join events e on e.account = k.account collate "C" and e.seq = k.seq order by k.n`,
    [texts(delivered.map(({ account }) => account)), bigints(delivered.map(({ event }) => event))],
  );
  const stories = new Map<
    string,
    { webhook: string; account: string; story: number; step: number; at: number; event: number }
  >();
  for (const row of rows) {
    const { webhook = '', at = 0 } = delivered[row.n - 1] ?? {};
    if (isCutText(row.body)) continue;
    const event = eventOf({ ...row, event: row.seq });
    const step = statusStep(event);
    if (step === 0) continue;
    const story = storyKey(event);
    const known = stories.get(`${webhook} ${story}`);
    if (known && known.step > step) continue;
    stories.set(`${webhook} ${story}`, { webhook, account: row.account, story, step, at, event: row.seq });
  }
  if (stories.size === 0) return;
  // In one order, so that no two transactions wait for each other.
  const all = [...stories.values()].toSorted((a, b) => a.story - b.story || (a.webhook < b.webhook ? -1 : 1));
  await client.query(
    `insert into told_steps as t (account, webhook, message, step, at, event)
     select * from unnest($1::text[], $2::text[], $3::bigint[], $4::integer[], $5::bigint[], $6::bigint[])
     on conflict (account, webhook, message) do update set
       event = case when excluded.step >= t.step then excluded.event else t.event end,
       step = greatest(t.step, excluded.step), at = excluded.at`,
    [
      texts(all.map(({ account }) => account)),
      texts(all.map(({ webhook }) => webhook)),
      bigints(all.map(({ story }) => story)),
      integers(all.map(({ step }) => step)),
      bigints(all.map(({ at }) => at)),
      bigints(all.map(({ event }) => event)),
    ],
  );
}

/** A delivery that was held is a retry, due now: its place among the pending ones is behind what its lane has loaded already. */
async function release(client: ClientBase, rows: readonly LoadedRow[]): Promise<void> {
  if (rows.length === 0) return;
  await client.query(
    `update waiting w set state = ${retrying}, due = g.at from ${given} where ${isGiven}`,
    params(rows),
  );
}

async function skip(client: ClientBase, rows: readonly LoadedRow[]): Promise<void> {
  if (rows.length === 0) return;
  await client.query(
    `with ended as (delete from waiting w using ${given} where ${isGiven} returning w.*, g.at)
     insert into deliveries (account, seq, event, webhook, state, attempts, since_replay, manual, ended_at, reason, status_code, error_class)
     select account, seq, event, webhook, ${skipped}, attempts, since_replay, 0, at, '${outdated}', status_code, error_class from ended`,
    params(rows),
  );
}

const given = 'unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) as g (account, webhook, seq, at)';
const isGiven = 'w.account = g.account collate "C" and w.webhook = g.webhook collate "C" and w.seq = g.seq';

function params(rows: readonly LoadedRow[]): unknown[] {
  return [
    texts(rows.map(({ account }) => account)),
    texts(rows.map(({ webhook }) => webhook)),
    bigints(rows.map(({ seq }) => seq)),
    bigints(rows.map(({ due }) => due)),
  ];
}

function eventOf({ event: seq, id, account, body }: Pick<LoadedRow, 'event' | 'id' | 'account' | 'body'>) {
  return decodeEvent({ seq, id, account, body });
}
