import type { ClientBase } from 'pg';
import { sequenceAt } from '../../../core/ids.ts';
import type { CutRequest, RetentionClock } from '../../ports/retention.ts';
import { type Cursor, nextStop } from '../../retention/plan-cursors.ts';
import { isAhead } from '../history/acceptance.ts';
import { advanceCursor, type CursorPlans, clocks, cursorOf } from './cursors.ts';
import { dropOldDay, forgetIdentities } from './drop-days.ts';
import { type EndingEvent, endEvents, endingColumns, type WaitingDelivery } from './end-events.ts';
import { countLeft, forgetLeft, leaveEvents, lookAgainMs, mostLeft, takeLeft } from './left-events.ts';

/** What a piece has done, and how far the cursors have come. */
export interface DonePiece {
  readonly plans: CursorPlans;
  readonly cut: number;
  readonly dropped: number;
  readonly waiting: readonly WaitingDelivery[];
}

export interface PieceOptions extends CutRequest {
  /** The gateway's number key. */
  readonly key: Uint8Array;
  /** Which cursor begins, so that none waits for the others. */
  readonly turn: number;
}

/** Events that are dealt with together: one statement for all, some ms. */
const together = 200;
const dayMs = 86_400_000;

/** The last number that a cursor may deal with; 0: none. */
export function targetOf(cursor: Cursor, plans: CursorPlans, now: number): number {
  if (cursor.keepMs === null) return 0;
  const old = sequenceAt(Math.max(0, now - cursor.keepMs) + 1) - 1;
  return Math.min(old, nextStop(cursor, plans[cursor.clock].cursors));
}

/** The next event that a cursor has to look at; `null`: there is none now. */
export async function nextOf(
  client: ClientBase,
  cursor: Cursor,
  plans: CursorPlans,
  now: number,
): Promise<number | null> {
  const target = targetOf(cursor, plans, now);
  if (target <= cursor.upto) return null;
  const { rows } = await client.query<{ seq: number }>(
    'select seq from events where seq > $1 and seq <= $2 order by seq limit 1',
    [cursor.upto, target],
  );
  return rows[0]?.seq ?? null;
}

/** Events numbered ahead of their time that a clock has not dealt with although they are old enough. */
export async function aheadOf(
  client: ClientBase,
  clock: RetentionClock,
  plans: CursorPlans,
  now: number,
  limit: number,
): Promise<readonly EndingEvent[]> {
  const keeps = plans[clock].cursors.flatMap(({ keepMs }) => (keepMs === null ? [] : [keepMs]));
  if (keeps.length === 0) return [];
  const { rows } = await client.query<EndingEvent>(
    `select ${endingColumns} from events where ${isAhead} and accepted_at <= $1
       ${clock === 'payload' ? "and not starts_with(body, '[')" : ''}
       and not exists (select 1 from retention_left l
         where l.account = events.account and l.event = events.seq and l.clock = ${clock === 'payload' ? 1 : 2})
     order by accepted_at limit $2 for update`,
    [now - Math.min(...keeps), limit],
  );
  return rows.filter(({ account, accepted_at, seq }) => {
    const { keepMs, upto } = cursorOf(plans, clock, account);
    return keepMs !== null && accepted_at + keepMs <= now && seq > upto;
  });
}

/** Works as long as there is time, and at least at one event; inside a transaction. */
export async function workPiece(
  client: ClientBase,
  before: CursorPlans,
  { now, mostMs, key, turn }: PieceOptions,
): Promise<DonePiece> {
  const began = performance.now();
  const atOnce = mostMs > 0 ? together : 1;
  let [plans, steps, cut, dropped] = [before, 0, 0, 0];
  const waiting: WaitingDelivery[] = [];
  const isEnough = (): boolean => steps > 0 && performance.now() - began >= mostMs;

  /** Ends those that are old enough, leaves the others; gives those that it dealt with. */
  async function deal(clock: RetentionClock, events: readonly EndingEvent[]): Promise<void> {
    const young = events.filter((event) => dueAt(clock, event) > now);
    const old = events.filter((event) => dueAt(clock, event) <= now);
    const held = await endEvents(client, old, { clock, now, key });
    const isHeld = new Set(held.map(({ event }) => event));
    const left = old.filter(({ seq }) => isHeld.has(seq));
    await leaveEvents(client, clock, [
      ...young.map((event) => ({ ...event, lookAt: Math.min(dueAt(clock, event), now + dayMs) })),
      ...left.map((event) => ({ ...event, lookAt: now + lookAgainMs })),
    ]);
    waiting.push(...held);
    steps += events.length;
    const ended = old.length - left.length;
    if (clock === 'payload') cut += ended;
    else dropped += ended;
    await forgetLeft(
      client,
      clock,
      old.filter(({ seq }) => !isHeld.has(seq)).map(({ seq }) => seq),
    );
  }

  /** When an event is old enough, ms; Infinity where it is kept for ever. */
  function dueAt(clock: RetentionClock, { account, accepted_at }: EndingEvent): number {
    return accepted_at + (cursorOf(plans, clock, account).keepMs ?? Number.POSITIVE_INFINITY);
  }

  async function advance(cursor: Cursor): Promise<void> {
    const target = targetOf(cursor, plans, now);
    const { rows } = await client.query<EndingEvent>(
      `select ${endingColumns} from events where seq > $1 and seq <= $2 order by seq limit $3 for update`,
      [cursor.upto, target, atOnce],
    );
    const mine = rows.filter(({ account }) => cursorOf(plans, cursor.clock, account).id === cursor.id);
    await deal(cursor.clock, mine);
    steps += rows.length - mine.length;
    plans = advanceCursor(plans, cursor, rows.length < atOnce ? target : (rows.at(-1)?.seq ?? target));
  }

  const day = await dropOldDay(client, plans, now);
  if (day) {
    plans = day.plans;
    dropped += day.dropped;
    steps++;
  }
  if (plans.log.cursors.some(({ keepMs }) => keepMs !== null)) await forgetIdentities(client);
  for (const clock of clocks) {
    if (isEnough()) break;
    await deal(clock, await takeLeft(client, clock, now, atOnce));
    if (!isEnough()) await deal(clock, await aheadOf(client, clock, plans, now, atOnce));
  }
  for (let some = true; some && !isEnough(); ) {
    some = false;
    const all = [...plans.payload.cursors, ...plans.log.cursors];
    for (let i = 0; i < all.length && !isEnough(); i++) {
      const { id } = all[(turn + i) % all.length] as Cursor;
      // It may have become one with another.
      const cursor = [...plans.payload.cursors, ...plans.log.cursors].find((each) => each.id === id);
      if (!cursor || targetOf(cursor, plans, now) <= cursor.upto) continue;
      if ((await countLeft(client, cursor.clock, now)) >= mostLeft) continue;
      some = true;
      await advance(cursor);
    }
  }
  return { plans, cut, dropped, waiting };
}
