import type { ClientBase, Pool } from 'pg';
import { isCutText } from '../../../core/cut-event.ts';
import type { Event } from '../../../core/event.ts';
import { sequenceId } from '../../../core/ids.ts';
import type { Traces } from '../../../core/traces.ts';
import { bodyWithout, erasedOfThem } from '../../erasure/erased-event.ts';
import { hasTraces, isAbout, isLookedAt } from '../../erasure/event-traces.ts';
import { createTally, type Tally } from '../../erasure/tally.ts';
import { decodeEvent } from '../../event-body.ts';
import { storyKey } from '../../log/order-key.ts';
import {
  type ErasedEvents,
  type ErasureLook,
  erasedReason,
  type WaitingEvent,
} from '../../ports/erasures.ts';
import { lastDeliveryOf } from '../spacing.ts';
import { inTransaction } from '../transaction.ts';
import { count } from './counts.ts';
import { eraseTexts } from './erase-texts.ts';
import { type EventRow, eventColumns, ownDeliveries } from './event-rows.ts';
import { forgetIdentity } from './forget-identity.ts';
import { markDays } from './marks.ts';

export interface EraseRequest {
  readonly erasure: string;
  readonly traces: Traces;
  /** `null`: all accounts. */
  readonly accountId: string | null;
  readonly events: readonly number[];
  readonly look: ErasureLook;
  /** When the erasure was asked for, ms. */
  readonly askedAt: number;
}

/** An attempt is in the database so long after it has ended, at the latest: longer only while that takes nothing. */
const storedWithinMs = 60_000;
/** Events whose rows are locked together, and how long one transaction goes on, ms: who sends one of them again waits. */
const eventsTogether = 50;
const longestMs = 50;

/**
 * Erases a person from events: those that are about them keep their kind, status and times, those of others lose the
 * places where the person is named. An event of which a delivery waits stays as it is.
 */
export function eraseEvents(pool: Pool, request: EraseRequest): Promise<ErasedEvents> {
  return inTransaction(pool, 'read committed', (client) => eraseSome(client, request));
}

async function eraseSome(
  client: ClientBase,
  { erasure, traces, accountId, events, look, askedAt }: EraseRequest,
): Promise<ErasedEvents> {
  const began = performance.now();
  const some = events.slice(0, eventsTogether);
  const rows = await lockRows(client, some, accountId);
  const waitingOf = await readWaiting(client, [...rows.values()]);
  const waiting: WaitingEvent[] = [];
  const tally = createTally();
  const touched: EventRow[] = [];
  let sentSince = false;
  let done = 0;
  for (const seq of some) {
    if (done > 0 && performance.now() - began > longestMs) break;
    const row = rows.get(seq);
    if (row && !(await eraseOne(row))) break;
    done++;
  }
  await markDays(client, touched);
  await count(client, erasure, tally.counts);
  return { done, waiting, sentSince };

  /** `false`: there is more to do for it. */
  async function eraseOne(row: EventRow): Promise<boolean> {
    const event = decodeEvent(row);
    const isTheirs = isAbout(row, event, traces);
    if (!isLookedAt(event, look)) return isTheirs || eraseAnswers(row, false);
    const isNamed = hasTraces(row, event, traces);
    const deliveries = waitingOf.get(row.seq);
    if (isNamed && deliveries) {
      waiting.push({ event: row.seq, deliveries });
      return true;
    }
    if (!(await eraseAnswers(row, isTheirs))) return false;
    if (!isNamed) return true;
    touched.push(row);
    sentSince ||= await wasSent(client, row, askedAt - storedWithinMs);
    if (isTheirs) await eraseTheirs(client, row, event, traces, tally);
    else {
      await client.query('update events set body = $3 where account = $1 and seq = $2', [
        ...[row.account, row.seq, bodyWithout(event, traces)],
      ]);
      tally.add('mentions');
    }
    return true;
  }

  async function eraseAnswers(row: EventRow, isTheirs: boolean): Promise<boolean> {
    const { erased, isAll } = await eraseTexts(client, row, isTheirs ? null : traces);
    if (erased > 0) touched.push(row);
    tally.add(isTheirs ? 'attempts' : 'answers', erased);
    return isAll;
  }
}

/** In the order of their numbers, as everybody locks them; whoever sends one again looks at its row first. */
async function lockRows(
  client: ClientBase,
  seqs: readonly number[],
  accountId: string | null,
): Promise<ReadonlyMap<number, EventRow>> {
  if (seqs.length === 0) return new Map();
  const ofAccount = accountId === null ? '' : 'and account = $4';
  const { rows } = await client.query<EventRow>(
    `select ${eventColumns} from events where seq = any($1) and seq between $2 and $3 ${ofAccount} order by seq for update`,
    [seqs, Math.min(...seqs), Math.max(...seqs), ...(accountId === null ? [] : [accountId])],
  );
  return new Map(rows.map((row) => [row.seq, row]));
}

type WaitingDeliveries = WaitingEvent['deliveries'];

async function readWaiting(
  client: ClientBase,
  events: readonly EventRow[],
): Promise<ReadonlyMap<number, WaitingDeliveries>> {
  const { rows } = await client.query<{ event: number; seq: number; webhook: string }>(
    `select w.event, w.seq, w.webhook from unnest($1::bigint[], $2::bigint[]) as e (seq, last)
     join waiting w on w.seq > e.seq and w.seq <= e.last and w.event = e.seq order by w.seq`,
    [events.map(({ seq }) => seq), events.map(lastDeliveryOf)],
  );
  const found = new Map<number, { id: string; webhookId: string }[]>();
  for (const { event, seq, webhook } of rows) {
    const own = found.get(event) ?? [];
    found.set(event, own);
    own.push({ id: sequenceId('dlv', seq), webhookId: webhook });
  }
  return found;
}

/** Whether a delivery has ended since then (ms). */
async function wasSent(client: ClientBase, row: EventRow, since: number): Promise<boolean> {
  const { rowCount } = await client.query(
    `select 1 from deliveries where ${ownDeliveries} and ended_at >= $4 limit 1`,
    [row.account, row.seq, lastDeliveryOf(row), since],
  );
  return (rowCount ?? 0) > 0;
}

async function eraseTheirs(
  client: ClientBase,
  row: EventRow,
  event: Event,
  traces: Traces,
  tally: Tally,
): Promise<void> {
  const { account, seq } = row;
  const own = [account, seq, lastDeliveryOf(row)];
  const erased = erasedOfThem(row.id, event, traces);
  await client.query(
    `update events set own_id = $3, body = $4, message_key = null, transaction_key = null, number_key = null
     where account = $1 and seq = $2`,
    [account, seq, erased.id, erased.body],
  );
  if (!isCutText(row.body)) {
    await client.query(
      `delete from told_steps where account = $1 and message = $4
         and webhook in (select webhook from deliveries where ${ownDeliveries})`,
      [...own, storyKey(event)],
    );
  }
  if (erased.id === null) await forgetIdentity(client, row, event);
  const { rows } = await client.query<{ dropped: number }>(
    `select count(*) as dropped from deliveries where ${ownDeliveries} and reason = '${erasedReason}'`,
    own,
  );
  tally.add('events');
  tally.add('deliveries', row.deliveries);
  tally.add('dropped', rows[0]?.dropped ?? 0);
}
