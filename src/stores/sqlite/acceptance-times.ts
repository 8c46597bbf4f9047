import type { DatabaseSync } from 'node:sqlite';
import { sequenceAt } from '../../core/ids.ts';

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
  // Each list asks; after a clock that was a day ahead there are 86,400 rows.
  if (from === 0 && to === Number.MAX_SAFE_INTEGER) return span;
  const apart = db
    .prepare('SELECT min(first) AS first, max(last) AS last FROM acceptance_times WHERE at >= ? AND at < ?')
    .get(from, to);
  if (!apart || apart.first === null) return span;
  return {
    from: Math.min(span.from, Number(apart.first)),
    before: Math.max(span.before, Number(apart.last) + 1),
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
