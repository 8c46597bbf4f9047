import type { DatabaseSync } from 'node:sqlite';
import { countedAtMost, type WaitingFigures } from '../../ports/figures.ts';
import { prepare, type Work } from '../reader/work.ts';
import { oldestPending } from './queues.ts';

/** From the index of what waits alone: 50 ns a delivery and 2 µs a webhook. */
export function* readBacklog(db: DatabaseSync): Work<WaitingFigures> {
  const waiting = yield* countWaiting(db);
  const [first] = yield* oldestPending(db, 1);
  return { waiting, oldestPendingAt: first?.at ?? null };
}

/** So many are counted before others get between. */
const together = 20_000;

function* countWaiting(db: DatabaseSync): Work<number> {
  const behind = `FROM deliveries WHERE state <= 2 AND (webhook, state, due, seq) > (?, ?, ?, ?)`;
  const leap = prepare(
    db,
    `SELECT webhook, state, due, seq ${behind} ORDER BY webhook, state, due, seq LIMIT 1 OFFSET ${together - 1}`,
  );
  const rest = prepare(db, `SELECT count(*) AS n FROM (SELECT 1 ${behind} LIMIT ${together})`);
  let place: readonly [webhook: string, state: number, due: number, seq: number] = ['', 0, 0, 0];
  for (let waiting = 0; waiting < countedAtMost; waiting += together) {
    const row = leap.get(...place);
    if (!row) return waiting + Number(rest.get(...place)?.n);
    place = [String(row.webhook), Number(row.state), Number(row.due), Number(row.seq)];
    yield;
  }
  return countedAtMost;
}
