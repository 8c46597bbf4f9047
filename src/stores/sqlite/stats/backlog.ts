import type { DatabaseSync } from 'node:sqlite';
import { countedAtMost, type StoreFigures } from '../../ports/figures.ts';

export type Backlog = Omit<StoreFigures, 'bytes'>;

/** From the index of what waits alone: 50 ns a delivery and 2 µs a webhook. */
export function readBacklog(db: DatabaseSync): Backlog {
  const counted = db
    .prepare(`SELECT count(*) AS n FROM (SELECT 1 FROM deliveries WHERE state <= 2 LIMIT ${countedAtMost})`)
    .get();
  const oldest = db
    .prepare(
      `SELECT min((SELECT min(due) FROM deliveries WHERE webhook = webhooks.id AND state = 1 AND state <= 2)) AS at
       FROM webhooks WHERE deleted_at IS NULL AND status = 'enabled'`,
    )
    .get();
  const at = oldest?.at ?? null;
  return { waiting: Number(counted?.n), oldestPendingAt: at === null ? null : Number(at) };
}
