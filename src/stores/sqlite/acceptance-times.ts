import type { DatabaseSync } from 'node:sqlite';
import { sequenceAt, sequenceTime } from '../../core/ids.ts';

/**
 * SQL for when an event was accepted, `NULL` where its number says so.
 * @param event the expression for its number
 */
export function acceptedApart(event: string): string {
  return `(SELECT CASE WHEN t.last >= ${event} THEN t.at END FROM acceptance_times AS t
    WHERE t.first <= ${event} ORDER BY t.first DESC LIMIT 1)`;
}

/** The same as a column `accepted_at`. */
export function acceptedAtColumn(event: string): string {
  return `${acceptedApart(event)} AS accepted_at`;
}

/** When an event was accepted, ms since the Unix epoch. @param acceptedAt as {@link acceptedAtColumn} gives it */
export function acceptedAt(event: number, acceptedAt: number | null): number {
  return acceptedAt ?? sequenceTime(event);
}

/** Numbers of events: from one, to one before another. */
export interface NumberSpan {
  readonly from: number;
  readonly before: number;
}

/**
 * Numbers among which all events are that were accepted at or after `from` and before `to`; where the clock was set back,
 * others are among them as well.
 */
export function spanOfTime(db: DatabaseSync, from = 0, to = Number.MAX_SAFE_INTEGER): NumberSpan {
  const span = {
    from: from === 0 ? 0 : sequenceAt(from),
    before: to === Number.MAX_SAFE_INTEGER ? to : sequenceAt(to),
  };
  const apart = db
    .prepare('SELECT min(first) AS first, max(last) AS last FROM acceptance_times WHERE at >= ? AND at < ?')
    .get(from, to);
  if (!apart || apart.first === null) return span;
  return {
    from: Math.min(span.from, Number(apart.first)),
    before: Math.max(span.before, Number(apart.last) + 1),
  };
}

/** Numbers carry their time to the millisecond and run ahead a little under load; so much counts as the same. */
const sameMs = 1_000;

/**
 * Says of each commit when its events were accepted, `null` where their numbers say it well enough. Commits within a
 * second share a time, and with that a row.
 */
export function createAcceptanceClock(): (now: number, firstNumber: number) => number | null {
  let last: number | null = null;
  return (now, firstNumber) => {
    if (Math.abs(now - sequenceTime(firstNumber)) <= sameMs) return null;
    if (last === null || now < last || now - last >= sameMs) last = now;
    return last;
  };
}

/** Notes when events were accepted; for the commit that stores them. */
export function createAcceptanceNotes(db: DatabaseSync): (first: number, last: number, at: number) => void {
  const extend = db.prepare(
    `UPDATE acceptance_times SET last = ? WHERE at = ? AND first = (SELECT max(first) FROM acceptance_times)`,
  );
  const insert = db.prepare('INSERT INTO acceptance_times (first, last, at) VALUES (?, ?, ?)');
  return (first, last, at) => {
    if (extend.run(last, at).changes === 0) insert.run(first, last, at);
  };
}
