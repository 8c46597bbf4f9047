import type { DatabaseSync } from 'node:sqlite';
import type { RetentionClock } from '../../ports/retention.ts';
import { clockCodes } from './cursors.ts';

/** Events that a clock has passed and left, with when to look at them again; on disk. */
export interface LeftEvents {
  /** @param lookAt ms since the Unix epoch */
  put(clock: RetentionClock, event: number, lookAt: number): void;
  drop(clock: RetentionClock, event: number): void;
  /** Those to look at now, the longest overdue first. */
  due(clock: RetentionClock, now: number, limit: number): readonly number[];
  /** How many something needs; at most `atMost` are counted. */
  count(clock: RetentionClock, now: number, atMost: number): number;
  isAny(clock: RetentionClock, now: number): boolean;
}

/** Those that are not needed by something but are not old enough are looked at later than so. */
export const lookAgainMs = 60_000;

export function createLeftEvents(db: DatabaseSync): LeftEvents {
  const put = db.prepare('INSERT OR REPLACE INTO retention_left (clock, event, look_at) VALUES (?, ?, ?)');
  const drop = db.prepare('DELETE FROM retention_left WHERE clock = ? AND event = ?');
  const due = db.prepare(
    'SELECT event FROM retention_left WHERE clock = ? AND look_at <= ? ORDER BY look_at, event LIMIT ?',
  );
  const count = db.prepare(
    'SELECT count(*) AS n FROM (SELECT 1 FROM retention_left WHERE clock = ? AND look_at <= ? LIMIT ?)',
  );
  return {
    put: (clock, event, lookAt) => void put.run(clockCodes[clock], event, lookAt),
    drop: (clock, event) => void drop.run(clockCodes[clock], event),
    due: (clock, now, limit) => due.all(clockCodes[clock], now, limit).map((row) => Number(row.event)),
    count: (clock, now, atMost) => Number(count.get(clockCodes[clock], now + lookAgainMs, atMost)?.n ?? 0),
    isAny: (clock, now) => due.get(clockCodes[clock], now, 1) !== undefined,
  };
}
