import type { DatabaseSync } from 'node:sqlite';
import { cutEvent, encodeCut, isCutText } from '../../../core/cut-event.ts';
import { reportsKeptMs } from '../../../core/event-identity.ts';
import { heldCode } from '../../codes.ts';
import { bodyStart, decodeEvent, decodeEventHead } from '../../event-body.ts';
import type { RetentionClock } from '../../ports/retention.ts';
import { numberKeyOf } from '../thread/number-key.ts';

/** Of a row of table `events` what is needed to end it. */
export interface EndingEvent {
  readonly seq: number;
  readonly id: string | null;
  readonly account: string;
  readonly deliveries: number;
  /** How far apart the numbers of its deliveries lie. */
  readonly spacing: number;
}

/** A delivery that waits. */
export interface WaitingDelivery {
  readonly seq: number;
  readonly webhook: string;
}

/**
 * How an event took it. `waits`: it is needed by these, or by parts of it that are still to come, and nothing was done that they
 * would miss. `partly`: time was over; it goes on behind this number.
 */
export type Ended =
  | { readonly is: 'ended' }
  | { readonly is: 'partly'; readonly upto: number }
  | { readonly is: 'waits'; readonly waiting: readonly WaitingDelivery[] };

export interface EndOptions {
  readonly clock: RetentionClock;
  readonly now: number;
  readonly acceptedAt: number;
  /** Its deliveries up to this number were dealt with before. */
  readonly after: number;
  /** The time for this piece is over. */
  readonly isOver: () => boolean;
}

/** Deliveries that are looked at together: some 50 µs. */
const together = 100;
/** Attempts of them beyond which these are taken a few at a time: with 2 KB each a ms. */
const fewAttempts = 200;

const waits = `state IN (1, 2, ${heldCode})`;

/** Behind a number, up to another one; of an event, whose deliveries' numbers lie so far apart. */
type Within = readonly [after: number, upTo: number, event: number, spacing: number];

/** SQL: that the column is the number of such a delivery. */
function isWithin(column: string): string {
  return `${column} > ?1 AND ${column} <= ?2 AND (${column} - ?3) % ?4 = 0`;
}

/** Ends what is kept of events, as far as time goes; inside a transaction. */
export function createEndEvent(db: DatabaseSync): (event: EndingEvent, options: EndOptions) => Ended {
  const sums = db.prepare(
    `SELECT total(attempts) AS attempts, total(${waits}) AS waiting FROM deliveries WHERE ${isWithin('seq')}`,
  );
  const waitingIn = db.prepare(
    `SELECT seq, webhook FROM deliveries WHERE ${isWithin('seq')} AND ${waits} LIMIT ${together}`,
  );
  const isToCome = db.prepare('SELECT 1 FROM fan_outs WHERE event = ?');
  const hasContents = '(response_body IS NOT NULL OR error_detail IS NOT NULL)';
  const some = (condition: string): string =>
    `(delivery, number) IN (SELECT delivery, number FROM attempts WHERE ${isWithin('delivery')} AND ${condition}
      LIMIT ${fewAttempts})`;
  const cutAll = `UPDATE attempts SET response_body = NULL, error_detail = NULL WHERE`;
  const attempts = {
    payload: {
      all: db.prepare(`${cutAll} ${isWithin('delivery')} AND ${hasContents}`),
      some: db.prepare(`${cutAll} ${some(hasContents)}`),
    },
    log: {
      all: db.prepare(`DELETE FROM attempts WHERE ${isWithin('delivery')}`),
      some: db.prepare(`DELETE FROM attempts WHERE ${some('1')}`),
    },
  };
  const dropDeliveries = db.prepare(`DELETE FROM deliveries WHERE ${isWithin('seq')}`);
  const dropEvent = db.prepare('DELETE FROM events WHERE seq = ?');
  const bodyOf = db.prepare(`SELECT substr(body, 1, ${bodyStart}) AS start FROM events WHERE seq = ?`);
  const wholeOf = db.prepare('SELECT body FROM events WHERE seq = ?');
  const putBody = db.prepare('UPDATE events SET body = ? WHERE seq = ?');

  /** Whether all attempts of these deliveries were dealt with in time. */
  function endAttempts(clock: RetentionClock, within: Within, many: boolean, isOver: () => boolean): boolean {
    if (!many) {
      attempts[clock].all.run(...within);
      return true;
    }
    while (Number(attempts[clock].some.run(...within).changes) === fewAttempts) if (isOver()) return false;
    return true;
  }

  function cutBody({ seq, id, account }: EndingEvent, remembers: boolean): void {
    const start = String(bodyOf.get(seq)?.start ?? '[');
    if (isCutText(start)) return;
    const row = { seq, id, account };
    const head =
      decodeEventHead({ ...row, body: start }) ??
      decodeEvent({ ...row, body: String(wholeOf.get(seq)?.body) });
    putBody.run(encodeCut(cutEvent(head, { key: numberKeyOf(db), remembers })), seq);
  }

  return (event, { clock, now, acceptedAt, after, isOver }) => {
    const { seq, deliveries, spacing } = event;
    const last = seq + deliveries * spacing;
    const all: Within = [seq, last, seq, spacing];
    if (isToCome.get(seq)) return { is: 'waits', waiting: [] };
    for (let from = Math.max(after, seq); from < last; from += together * spacing) {
      const to = Math.min(from + together * spacing, last);
      const within: Within = [from, to, seq, spacing];
      const { attempts: made, waiting } = sums.get(...within) ?? {};
      if (Number(waiting) > 0) {
        return { is: 'waits', waiting: waitingIn.all(...within) as unknown as WaitingDelivery[] };
      }
      if (!endAttempts(clock, within, Number(made) > fewAttempts, isOver))
        return { is: 'partly', upto: from };
      if (clock === 'log') dropDeliveries.run(...within);
      if (to < last && isOver()) return { is: 'partly', upto: to };
    }
    if (clock === 'log') {
      dropEvent.run(seq);
      return { is: 'ended' };
    }
    // Those that were looked at before may have been asked for again since, and have been answered.
    if (deliveries > together) {
      if (Number(sums.get(...all)?.waiting) > 0)
        return { is: 'waits', waiting: waitingIn.all(...all) as unknown as WaitingDelivery[] };
      if (Number(attempts.payload.some.run(...all).changes) === fewAttempts)
        return { is: 'partly', upto: seq };
    }
    cutBody(event, event.id !== null || now - acceptedAt < reportsKeptMs);
    return { is: 'ended' };
  };
}
