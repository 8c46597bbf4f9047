import type { DatabaseSync } from 'node:sqlite';
import { type QueuesQuestion, queueCountedAtMost, type WebhookQueue } from '../../ports/figures.ts';
import { acceptedApart } from '../acceptance-times.ts';
import { prepare, type Work } from '../reader/work.ts';

/** Since when the first of a queue waits: `due` is its place there, which runs ahead where the clock was set back. */
const waitsSince = `coalesce(${acceptedApart('event')}, due)`;

/** From the index of what waits: 2 µs for each webhook that is enabled, 0.5 ms at most for each that is in the answer. */
export function* readQueues(db: DatabaseSync, { longest, also }: QueuesQuestion): Work<WebhookQueue[]> {
  const ids = new Set([...(yield* oldestPending(db, longest)).map(({ id }) => id), ...also]);
  const oldestOf = prepare(
    db,
    `SELECT ${waitsSince} AS at FROM deliveries WHERE webhook = ? AND state = 1 AND state <= 2 ORDER BY due, seq LIMIT 1`,
  );
  const count = prepare(
    db,
    `SELECT count(*) AS n FROM (SELECT 1 FROM deliveries WHERE webhook = ? AND state <= 2 LIMIT ${queueCountedAtMost})`,
  );
  const queues: WebhookQueue[] = [];
  for (const webhookId of ids) {
    const at = oldestOf.get(webhookId)?.at ?? null;
    const waiting = Number(count.get(webhookId)?.n);
    queues.push({ webhookId, waiting, oldestPendingAt: at === null ? null : Number(at) });
    yield;
  }
  return queues;
}

/** A webhook, and since when its oldest delivery waits that was never tried. */
interface Pending {
  readonly id: string;
  readonly at: number;
}

/** So many webhooks are asked before others get between, some 2 µs each. */
const together = 500;

/** The enabled webhooks whose oldest never-tried delivery waits longest, the longest first. */
export function* oldestPending(db: DatabaseSync, most: number): Work<readonly Pending[]> {
  const walk = prepare(
    db,
    `SELECT account_id, id, CASE WHEN deleted_at IS NULL AND status = 'enabled' THEN
       (SELECT ${waitsSince} FROM deliveries WHERE webhook = webhooks.id AND state = 1 AND state <= 2
          ORDER BY due, seq LIMIT 1) END AS at
     FROM webhooks WHERE (account_id, id) > (?, ?) ORDER BY account_id, id LIMIT ${together}`,
  );
  let longest: Pending[] = [];
  let place: readonly [account: string, id: string] = ['', ''];
  for (;;) {
    const rows = walk.all(...place);
    const some = rows.flatMap(({ id, at }) => (at === null ? [] : { id: String(id), at: Number(at) }));
    longest = [...longest, ...some].sort((a, b) => a.at - b.at).slice(0, most);
    const last = rows.at(-1);
    if (!last || rows.length < together) return longest;
    place = [String(last.account_id), String(last.id)];
    yield;
  }
}
