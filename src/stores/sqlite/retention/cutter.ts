import type { DatabaseSync } from 'node:sqlite';
import { sequenceId, sequenceTime } from '../../../core/ids.ts';
import { acceptedAt } from '../../log/acceptance-clock.ts';
import type {
  ClockProgress,
  CutPiece,
  CutRequest,
  Keeps,
  OverdueDeliveries,
  RetentionClock,
} from '../../ports/retention.ts';
import type { Cursor } from '../../retention/plan-cursors.ts';
import { acceptedAtColumn } from '../acceptance-times.ts';
import { spacingColumn } from '../spacing.ts';
import { startPatience, untroubled } from '../thread/patience.ts';
import { unsynced } from '../thread/unsynced.ts';
import { clocks, createCursors } from './cursors.ts';
import { createEndEvent, type EndingEvent, type WaitingDelivery } from './end-event.ts';
import { createLeftEvents, lookAgainMs } from './left-events.ts';
import { createNumbersBefore } from './numbers-before.ts';

/**
 * Ends what is kept for too long, a piece at a time:
 *
 * ```text
 *            log's cursor                payload's cursor
 *                 ▼                             ▼
 *  gone … gone  │ cut, cut, cut, cut, left, cut │ whole, whole, whole …      events by number
 *                                      └─ a delivery waits: told of, and looked at again each minute
 * ```
 * A cursor passes all events once, and ends those of its accounts. What a piece does and how far its cursors come is one
 * transaction. In it freed pages and the room that rows leave are written over, so that what is gone is not in the file.
 */
export interface Cutter {
  keep(keeps: Keeps): void;
  /** @param isAwaited whether somebody's commit waits for the end of the piece */
  cut(request: CutRequest, isAwaited?: () => boolean): Omit<CutPiece, 'isBusy'>;
}

interface Row extends EndingEvent {
  readonly accepted_at: number | null;
}

/** Events that are read together: at first, since a piece may end soon, and then; of others' accounts they are only passed. */
const readFirst = 8;
const readTogether = 64;
/** Events that are left and looked at in a piece, at most. */
const leftTogether = 64;
/** Where so many are left, a clock goes no further before some have ended. */
const mostLeft = 10_000;
const dayMs = 86_400_000;

export function createCutter(db: DatabaseSync): Cutter {
  const cursors = createCursors(db);
  const left = createLeftEvents(db);
  const endEvent = createEndEvent(db);
  const columns = `seq, id, account, deliveries, ${spacingColumn}, ${acceptedAtColumn('seq')}`;
  const following = db.prepare(
    `SELECT ${columns} FROM events WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?`,
  );
  const before = db.prepare(`SELECT ${columns} FROM events WHERE seq <= ? ORDER BY seq DESC LIMIT 1`);
  const one = db.prepare(`SELECT ${columns} FROM events WHERE seq = ?`);
  const next = db.prepare('SELECT seq FROM events WHERE seq > ? ORDER BY seq LIMIT 1');
  const forgetTimes = db.prepare(
    `DELETE FROM acceptance_times WHERE first IN
       (SELECT first FROM acceptance_times WHERE last < ? ORDER BY first LIMIT 100)`,
  );
  const numbers = createNumbersBefore(db);
  /** More of when events were accepted is to be read, so that more may be due. */
  let isUnread = false;
  /** There was nothing more to do behind the last piece. */
  let wasDone = true;
  /** Which cursor begins the next piece, so that none waits for the others. */
  let turn = 0;
  /** How far a left event has come that takes more than a piece. */
  const leftPlaces = new Map<string, number>();
  /** The same of one that a cursor is at, whose deliveries lie between others'. */
  const partPlaces = new Map<string, number>();

  /** The last number that may be dealt with. */
  function targetOf(cursor: Cursor, now: number): number {
    if (cursor.keepMs === null) return 0;
    const { last, isAll } = numbers.last(cursor.keepMs, Math.max(0, now - cursor.keepMs) + 1);
    if (!isAll) isUnread = true;
    return Math.min(last, cursors.stopOf(cursor));
  }

  /** The event in the middle of which a cursor is. */
  function begunBy({ upto }: Cursor): Row | null {
    const under = before.get(upto) as Row | undefined;
    return under && endOf(under) > upto ? under : null;
  }

  /** The next event that a cursor has to look at; `null`: there is none now. */
  function nextFor(cursor: Cursor, now: number): number | null {
    const target = targetOf(cursor, now);
    if (target <= cursor.upto) return null;
    const begun = begunBy(cursor);
    if (begun) return begun.seq;
    const found = next.get(cursor.upto);
    const seq = found ? Number(found.seq) : null;
    return seq !== null && seq <= target ? seq : null;
  }

  function isMine(cursor: Cursor, account: string): boolean {
    return cursors.of(cursor.clock, account).id === cursor.id;
  }

  function timeOf({ seq, accepted_at }: Row): number {
    return acceptedAt(seq, accepted_at);
  }

  interface Piece extends CutRequest {
    readonly isOver: () => boolean;
    /** As `isOver`, but each piece does something. */
    readonly isEnough: () => boolean;
    /** Events that were dealt with or passed. */
    steps: number;
    readonly waiting: WaitingDelivery[];
    cut: number;
    dropped: number;
  }

  function ended(piece: Piece, clock: RetentionClock): void {
    if (clock === 'payload') piece.cut++;
    else piece.dropped++;
  }

  /** Goes on with a cursor as far as time goes. */
  function advance(cursor: Cursor, piece: Piece): void {
    const { now, isEnough } = piece;
    const target = targetOf(cursor, now);
    let { upto } = cursor;
    const begun = begunBy(cursor);
    let rows = begun ? [begun] : [];
    let hasMore = true;
    let most = readFirst;
    while (hasMore && !isEnough()) {
      if (rows.length === 0) {
        rows = following.all(upto, target, most) as unknown as Row[];
        most = readTogether;
      }
      hasMore = rows.length > 0;
      for (const row of rows) {
        const whole = endOf(row);
        const result = isMine(cursor, row.account)
          ? pass(cursor, row, Math.max(upto, row.seq), piece)
          : whole;
        upto = result;
        piece.steps++;
        if (result < whole || isEnough()) {
          hasMore = false;
          break;
        }
      }
      rows = [];
    }
    if (upto !== cursor.upto) cursors.advance(cursor, upto);
  }

  /** Deals with an event; gives up to where it has. */
  function pass({ clock, keepMs }: Cursor, row: Row, after: number, piece: Piece): number {
    const { now, isOver, waiting } = piece;
    const whole = endOf(row);
    const at = timeOf(row);
    // Numbered by a clock that was ahead, and among older ones.
    if (keepMs !== null && at + keepMs > now) {
      left.put(clock, row.seq, lookAtAgain(at, keepMs, now));
      return whole;
    }
    const place = `${clock} ${row.seq}`;
    const goesOnBehind = row.spacing === 1 ? after : (partPlaces.get(place) ?? after);
    const result = endEvent(row, { clock, now, acceptedAt: at, after: goesOnBehind, isOver });
    partPlaces.delete(place);
    if (result.is === 'partly' && row.spacing > 1) {
      partPlaces.set(place, result.upto);
      return row.seq - 1;
    }
    if (result.is === 'partly') return result.upto;
    if (result.is === 'waits') {
      waiting.push(...result.waiting);
      left.put(clock, row.seq, now + lookAgainMs);
    } else ended(piece, clock);
    return whole;
  }

  function lookAtLeft(clock: RetentionClock, piece: Piece): void {
    const { now, isOver, isEnough, waiting } = piece;
    for (const seq of left.due(clock, now, leftTogether)) {
      if (isEnough()) return;
      piece.steps++;
      const row = one.get(seq) as Row | undefined;
      const place = `${clock} ${seq}`;
      if (!row) {
        left.drop(clock, seq);
        leftPlaces.delete(place);
        continue;
      }
      const at = timeOf(row);
      const { keepMs } = cursors.of(clock, row.account);
      if (keepMs === null || at + keepMs > now) {
        left.put(clock, seq, lookAtAgain(at, keepMs, now));
        leftPlaces.delete(place);
        continue;
      }
      const after = leftPlaces.get(place) ?? seq;
      const result = endEvent(row, { clock, now, acceptedAt: at, after, isOver });
      leftPlaces.delete(place);
      if (result.is === 'partly') {
        leftPlaces.set(place, result.upto);
        return;
      }
      if (result.is === 'waits') {
        waiting.push(...result.waiting);
        left.put(clock, seq, now + lookAgainMs);
      } else {
        left.drop(clock, seq);
        ended(piece, clock);
      }
    }
  }

  /** Each cursor, and what it has to look at next. */
  type Ahead = readonly { readonly cursor: Cursor; readonly next: number | null }[];

  function lookAhead(now: number): Ahead {
    isUnread = false;
    return cursors.all.map((cursor) => ({ cursor, next: nextFor(cursor, now) }));
  }

  function progressOf(clock: RetentionClock, now: number, ahead: Ahead): ClockProgress {
    const ending = ahead.filter(({ cursor }) => cursor.clock === clock && cursor.keepMs !== null);
    if (ending.length === 0) return { doneUpTo: null, behindMs: 0, left: 0 };
    let [doneUpTo, behindMs] = [now, 0];
    for (const { cursor, next: seq } of ending) {
      const due = now - (cursor.keepMs ?? 0);
      const reached = seq === null ? due : Math.min(due, sequenceTime(seq));
      doneUpTo = Math.min(doneUpTo, reached);
      behindMs = Math.max(behindMs, due - reached);
    }
    return { doneUpTo, behindMs, left: left.count(clock, now, mostLeft) };
  }

  function forgetAcceptanceTimes(): void {
    const first = next.get(0);
    if (first) forgetTimes.run(Number(first.seq));
  }

  /** Takes turns among the cursors, beginning with another one each time. */
  function work(piece: Piece): void {
    const { now, isEnough } = piece;
    for (const clock of clocks) lookAtLeft(clock, piece);
    const all = cursors.all;
    turn++;
    for (let i = 0; i < all.length && !isEnough(); i++) {
      const { id } = all[(turn + i) % all.length] as Cursor;
      // It may have become one with another.
      const cursor = cursors.all.find((each) => each.id === id);
      if (!cursor || nextFor(cursor, now) === null) continue;
      if (left.count(cursor.clock, now, mostLeft) < mostLeft) advance(cursor, piece);
    }
    if (piece.dropped > 0) forgetAcceptanceTimes();
  }

  function isDone(now: number, ahead: Ahead): boolean {
    return (
      !isUnread &&
      clocks.every((clock) => !left.isAny(clock, now)) &&
      ahead.every(({ cursor, next }) => next === null || left.count(cursor.clock, now, mostLeft) >= mostLeft)
    );
  }

  function inTransaction(run: () => void): void {
    db.exec('PRAGMA secure_delete = on');
    try {
      unsynced(db, run);
    } catch (error) {
      // What is in memory may be ahead of the disk.
      cursors.reload();
      leftPlaces.clear();
      partPlaces.clear();
      throw error;
    } finally {
      db.exec('PRAGMA secure_delete = fast');
    }
  }

  return {
    keep(keeps) {
      inTransaction(() => cursors.follow(keeps));
    },
    cut(request, isAwaited = untroubled.isAwaited) {
      const began = performance.now();
      const patience = { mostMs: request.mostMs, isAwaited };
      let isOver = (): boolean => false;
      const isEnough = (): boolean => piece.steps > 0 && isOver();
      const piece: Piece = {
        ...request,
        isOver: () => isOver(),
        isEnough,
        steps: 0,
        waiting: [],
        cut: 0,
        dropped: 0,
      };
      if (!wasDone || !isDone(request.now, lookAhead(request.now))) {
        inTransaction(() => {
          isOver = startPatience(patience);
          work(piece);
        });
      }
      const { cut, dropped, waiting, now } = piece;
      const ahead = lookAhead(now);
      wasDone = isDone(now, ahead);
      return {
        ...{ cut, dropped, overdue: byWebhook(waiting), isDone: wasDone },
        progress: { payload: progressOf('payload', now, ahead), log: progressOf('log', now, ahead) },
        tookMs: performance.now() - began,
      };
    },
  };
}

/** Where a cursor is that has passed an event: of one whose deliveries lie between others', at the event itself. */
function endOf({ seq, deliveries, spacing }: Row): number {
  return spacing === 1 ? seq + deliveries : seq;
}

/** When to look at an event that is not old enough: its time to be kept may be made shorter before that is over. */
function lookAtAgain(acceptedAt: number, keepMs: number | null, now: number): number {
  return Math.min(keepMs === null ? Number.POSITIVE_INFINITY : acceptedAt + keepMs, now + dayMs);
}

function byWebhook(waiting: readonly WaitingDelivery[]): OverdueDeliveries[] {
  const found = new Map<string, string[]>();
  for (const { seq, webhook } of waiting) {
    const id = sequenceId('dlv', seq);
    const ids = found.get(webhook);
    if (ids) ids.push(id);
    else found.set(webhook, [id]);
  }
  return [...found].map(([webhookId, deliveryIds]) => ({ webhookId, deliveryIds }));
}
