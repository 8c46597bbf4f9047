import type { DatabaseSync } from 'node:sqlite';
import { stateCode } from '../../codes.ts';
import type { BroughtBack, RetryPlace } from './protocol.ts';

const retrying = stateCode('retrying');
const atOnce = 500;
/** No endpoint can ask for more; see `delivery/retry-after.ts`. */
const longestWaitMs = 24 * 60 * 60 * 1000;
/** An attempt ends a moment after it was asked when it is. */
const sameMs = 1_000;

interface Row {
  readonly seq: number;
  readonly due: number;
  readonly attempts: number;
  readonly manual: number;
  /** When the latest attempt ended. */
  readonly ended: number | null;
}

/**
 * Brings retries back that were planned by a clock which has been set back since: one whose latest attempt lies in the
 * future waits as long from now as it was to wait from then. What was to be sent at once is due now, and nothing waits for
 * longer than an endpoint can ask for. Some at a time; gives where to go on.
 */
export function createBringBack(db: DatabaseSync): (now: number, after: RetryPlace | null) => BroughtBack {
  const nextWebhook = db.prepare(
    'SELECT webhook FROM deliveries WHERE state <= 2 AND webhook > ? ORDER BY webhook LIMIT 1',
  );
  const later = db.prepare(
    `SELECT d.seq, d.due, d.attempts, d.manual,
       (SELECT started_at + duration_ms FROM attempts WHERE delivery = d.seq AND number = d.attempts) AS ended
     FROM deliveries d WHERE d.webhook = ? AND d.state = ${retrying} AND d.state <= 2 AND (d.due, d.seq) > (?, ?)
     ORDER BY d.due, d.seq LIMIT ${atOnce}`,
  );
  const move = db.prepare('UPDATE deliveries SET due = ? WHERE seq = ?');

  function dueNow({ due, attempts, manual, ended }: Row, now: number): number {
    if (manual === 1 || attempts === 0 || ended === null) return now;
    // One that is due before its attempt ended was brought back already.
    const wait = ended > now + sameMs && due >= ended ? due - ended : due - now;
    return now + Math.min(wait, longestWaitMs);
  }

  return (now, after) => {
    const webhook = after?.webhook ?? nextWebhook.get('')?.webhook;
    if (webhook === undefined) return { moved: 0, next: null };
    let moved = 0;
    const place = after?.seq === undefined ? [now, Number.MAX_SAFE_INTEGER] : [after.due ?? now, after.seq];
    const rows = later.all(String(webhook), ...place) as unknown as Row[];
    db.exec('BEGIN IMMEDIATE');
    try {
      for (const row of rows) {
        const due = dueNow(row, now);
        if (due >= row.due) continue;
        move.run(due, row.seq);
        moved++;
      }
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
    const last = rows.at(-1);
    if (last && rows.length === atOnce) {
      return { moved, next: { webhook: String(webhook), due: last.due, seq: last.seq } };
    }
    const next = nextWebhook.get(String(webhook))?.webhook;
    return { moved, next: next === undefined ? null : { webhook: String(next) } };
  };
}
