import type { DatabaseSync } from 'node:sqlite';
import type { Event } from '../../../core/event.ts';
import { sequenceId } from '../../../core/ids.ts';
import type { Sought, Traces } from '../../../core/traces.ts';
import { heldCode } from '../../codes.ts';
import { bodyWithout, erasedOfThem } from '../../erasure/erased-event.ts';
import { hasTraces, isAbout, isLookedAt, tracesOf } from '../../erasure/event-traces.ts';
import type { Tally } from '../../erasure/tally.ts';
import { decodeEvent } from '../../event-body.ts';
import { storyKey } from '../../log/order-key.ts';
import {
  type ErasedEvents,
  type ErasureLook,
  erasedReason,
  type WaitingEvent,
} from '../../ports/erasures.ts';
import { isOfEvent, ofEvent, type SpacedRow, spacingColumn } from '../spacing.ts';
import { numberKeyOf } from '../thread/number-key.ts';
import { type Patience, untroubled } from '../thread/patience.ts';
import type { ForgetEvents } from './forget-events.ts';
import { dealWithSome } from './some-events.ts';

export interface EraseRequest {
  readonly erasure: string;
  readonly sought: Sought;
  readonly accountId: string | null;
  readonly events: readonly number[];
  readonly look: ErasureLook;
  /** When the erasure was asked for, ms. */
  readonly askedAt: number;
}

/** An attempt is on disk so long after it has ended, at the latest: longer only while the disk takes nothing. */
const onDiskWithinMs = 60_000;

/** Attempts of one event in a transaction. */
const attemptsAtOnce = 300;

interface AttemptTexts {
  readonly delivery: number;
  readonly number: number;
  readonly error_detail: string | null;
  readonly response_body: string | null;
}

/**
 * Erases a person from events: those that are about them keep their kind, status and times, those of others lose the
 * places where the person is named. An event of which a delivery waits stays as it is.
 */
export function createEraseEvents(
  db: DatabaseSync,
  forget: ForgetEvents,
): (request: EraseRequest, patience?: Patience) => ErasedEvents {
  const eventOf = db.prepare(
    `SELECT seq, id, account, deliveries, ${spacingColumn}, body FROM events WHERE seq = ?`,
  );
  const isUnfinished = db.prepare('SELECT 1 FROM fan_outs WHERE event = ?');
  const waitingOf = db.prepare(
    `SELECT seq, webhook FROM deliveries WHERE ${isOfEvent('seq')} AND (state <= 2 OR state = ${heldCode})`,
  );
  const droppedOf = db.prepare(
    `SELECT count(*) AS n FROM deliveries WHERE ${isOfEvent('seq')} AND reason = '${erasedReason}'`,
  );
  const endedSince = db.prepare(`SELECT 1 FROM deliveries WHERE ${isOfEvent('seq')} AND due >= ?4 LIMIT 1`);
  const webhooksOf = db.prepare(`SELECT DISTINCT webhook FROM deliveries WHERE ${isOfEvent('seq')}`);
  const untell = db.prepare('DELETE FROM told_steps WHERE webhook = ? AND message = ?');
  const change = db.prepare('UPDATE events SET id = ?, body = ? WHERE seq = ?');
  const textsOf = db.prepare(
    `SELECT delivery, number, error_detail, response_body FROM attempts
     WHERE ${isOfEvent('delivery')} AND (response_body IS NOT NULL OR error_detail IS NOT NULL)`,
  );
  const changeTexts = db.prepare(
    'UPDATE attempts SET error_detail = ?, response_body = ? WHERE delivery = ? AND number = ?',
  );

  return (request, patience = untroubled) => {
    const { sought, accountId, look, askedAt } = request;
    const traces = tracesOf(() => numberKeyOf(db), sought);
    const waiting: WaitingEvent[] = [];
    let sentSince = false;
    forget.begin(sought);
    const done = dealWithSome(db, request, forget, patience, eraseOne);
    return { done, waiting, sentSince };

    /** `false`: there is more to do for it. */
    function eraseOne(seq: number, tally: Tally): boolean {
      const row = eventOf.get(seq) as unknown as SpacedRow | undefined;
      if (!row || (accountId !== null && row.account !== accountId)) return true;
      const event = decodeEvent(row);
      const isTheirs = isAbout(row, event, traces);
      if (!isLookedAt(event, look)) return isTheirs || eraseTexts(row, false, tally);
      const isNamed = hasTraces(row, event, traces);
      if (isNamed && waits(row)) return true;
      if (!eraseTexts(row, isTheirs, tally)) return false;
      if (!isNamed) return true;
      sentSince ||= endedSince.get(...ofEvent(row), askedAt - onDiskWithinMs) !== undefined;
      eraseFrom(row, event, isTheirs, tally);
      return true;
    }

    function waits(row: SpacedRow): boolean {
      const { seq } = row;
      const rows = waitingOf.all(...ofEvent(row));
      if (rows.length === 0 && !isUnfinished.get(seq)) return false;
      waiting.push({
        event: seq,
        deliveries: rows.map((each) => ({
          id: sequenceId('dlv', Number(each.seq)),
          webhookId: String(each.webhook),
        })),
      });
      return true;
    }

    /** What was answered to its deliveries: all of it where it is the person's, else what names them. */
    function eraseTexts(event: SpacedRow, isTheirs: boolean, tally: Tally): boolean {
      let changed = 0;
      for (const row of textsOf.all(...ofEvent(event)) as unknown as AttemptTexts[]) {
        const [detail, body] = isTheirs ? [null, null] : shownOf(row, traces);
        if (detail === row.error_detail && body === row.response_body) continue;
        if (changed === attemptsAtOnce) return false;
        changeTexts.run(detail, body, row.delivery, row.number);
        tally.add(isTheirs ? 'attempts' : 'answers');
        changed++;
      }
      return true;
    }

    function eraseFrom(row: SpacedRow, event: Event, isTheirs: boolean, tally: Tally): void {
      const { seq, deliveries } = row;
      if (!isTheirs) {
        change.run(row.id, bodyWithout(event, traces), seq);
        tally.add('mentions');
        return;
      }
      const erased = erasedOfThem(row.id, event, traces);
      change.run(erased.id, erased.body, seq);
      for (const { webhook } of webhooksOf.all(...ofEvent(row))) untell.run(String(webhook), storyKey(event));
      forget.add(row, event, erased.id === null);
      tally.add('events');
      tally.add('deliveries', deliveries);
      tally.add('dropped', Number(droppedOf.get(...ofEvent(row))?.n ?? 0));
    }
  };
}

function shownOf(row: AttemptTexts, { hiddenIn }: Traces): [string | null, string | null] {
  const { error_detail, response_body } = row;
  return [error_detail && hiddenIn(error_detail), response_body && hiddenIn(response_body)];
}
