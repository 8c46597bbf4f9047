import type { DatabaseSync } from 'node:sqlite';
import { encodeCut, eraseEvent } from '../../../core/cut-event.ts';
import type { Event } from '../../../core/event.ts';
import { encodeEvent } from '../../../core/event-text.ts';
import { sequenceId } from '../../../core/ids.ts';
import { hideTraces, type Sought, type Traces } from '../../../core/traces.ts';
import { type ErasedEvents, erasedReason, type WaitingEvent } from '../../ports/erasures.ts';
import { heldCode } from '../codes.ts';
import { decodeEvent, type StoredEventRow } from '../event-body.ts';
import { storyKey } from '../writer/order-key.ts';
import type { Tally } from './counts.ts';
import { hasTraces, occursIn } from './find-events.ts';
import type { ForgetEvent } from './forget-event.ts';
import { tracesOf } from './person.ts';
import { dealWithSome } from './some-events.ts';

export interface EraseRequest {
  readonly erasure: string;
  readonly sought: Sought;
  readonly accountId: string | null;
  readonly events: readonly number[];
}

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
  forget: ForgetEvent,
): (request: EraseRequest) => ErasedEvents {
  const eventOf = db.prepare('SELECT seq, id, account, deliveries, body FROM events WHERE seq = ?');
  const isUnfinished = db.prepare('SELECT 1 FROM fan_outs WHERE event = ?');
  const waitingOf = db.prepare(
    `SELECT seq, webhook FROM deliveries WHERE seq > ?1 AND seq <= ?1 + ?2 AND (state <= 2 OR state = ${heldCode})`,
  );
  const droppedOf = db.prepare(
    `SELECT count(*) AS n FROM deliveries WHERE seq > ?1 AND seq <= ?1 + ?2 AND reason = '${erasedReason}'`,
  );
  const webhooksOf = db.prepare('SELECT DISTINCT webhook FROM deliveries WHERE seq > ?1 AND seq <= ?1 + ?2');
  const untell = db.prepare('DELETE FROM told_steps WHERE webhook = ? AND message = ?');
  const change = db.prepare('UPDATE events SET id = ?, body = ? WHERE seq = ?');
  const textsOf = db.prepare(
    `SELECT delivery, number, error_detail, response_body FROM attempts
     WHERE delivery > ?1 AND delivery <= ?1 + ?2 AND (response_body IS NOT NULL OR error_detail IS NOT NULL)`,
  );
  const changeTexts = db.prepare(
    'UPDATE attempts SET error_detail = ?, response_body = ? WHERE delivery = ? AND number = ?',
  );

  return (request) => {
    const { sought, accountId } = request;
    const traces = tracesOf(db, sought);
    const waiting: WaitingEvent[] = [];
    const done = dealWithSome(db, request, eraseOne);
    return { done, waiting };

    /** `false`: there is more to do for it. */
    function eraseOne(seq: number, tally: Tally): boolean {
      const row = eventOf.get(seq) as unknown as StoredEventRow | undefined;
      if (!row || (accountId !== null && row.account !== accountId)) return true;
      const isNamed = hasTraces(row, traces);
      const event = isNamed ? decodeEvent(row) : null;
      const isTheirs = event !== null && (traces.isTheirs(event) || occursIn(traces, row.id));
      if (isNamed && waits(row)) return true;
      if (!eraseTexts(row, isTheirs, tally)) return false;
      if (event) eraseFrom(row, event, isTheirs, tally);
      return true;
    }

    function waits({ seq, deliveries }: StoredEventRow): boolean {
      const rows = waitingOf.all(seq, deliveries);
      if (rows.length === 0 && !isUnfinished.get(seq)) return false;
      waiting.push({
        event: seq,
        deliveries: rows.map((row) => ({
          id: sequenceId('dlv', Number(row.seq)),
          webhookId: String(row.webhook),
        })),
      });
      return true;
    }

    /** What was answered to its deliveries: all of it where it is the person's, else what names them. */
    function eraseTexts({ seq, deliveries }: StoredEventRow, isTheirs: boolean, tally: Tally): boolean {
      let changed = 0;
      for (const row of textsOf.all(seq, deliveries) as unknown as AttemptTexts[]) {
        const [detail, body] = isTheirs ? [null, null] : shownOf(row, traces);
        if (detail === row.error_detail && body === row.response_body) continue;
        if (changed === attemptsAtOnce) return false;
        changeTexts.run(detail, body, row.delivery, row.number);
        tally.add(isTheirs ? 'attempts' : 'answers');
        changed++;
      }
      return true;
    }

    function eraseFrom(row: StoredEventRow, event: Event, isTheirs: boolean, tally: Tally): void {
      const { seq, deliveries } = row;
      const hidden = isTheirs ? null : encodeEvent(hideTraces(event, traces));
      if (hidden !== null && !traces.occurIn(hidden)) {
        change.run(row.id, hidden, seq);
        tally.add('mentions');
        return;
      }
      const ownId = occursIn(traces, row.id) ? null : row.id;
      const erased = eraseEvent({ ...event, messageId: '', transactionId: null });
      change.run(ownId, encodeCut(erased), seq);
      for (const { webhook } of webhooksOf.all(seq, deliveries)) untell.run(String(webhook), storyKey(event));
      forget(row, event, ownId === null, sought);
      tally.add('events');
      tally.add('deliveries', deliveries);
      tally.add('dropped', Number(droppedOf.get(seq, deliveries)?.n ?? 0));
    }
  };
}

function shownOf(row: AttemptTexts, { hiddenIn }: Traces): [string | null, string | null] {
  const { error_detail, response_body } = row;
  return [error_detail && hiddenIn(error_detail), response_body && hiddenIn(response_body)];
}
