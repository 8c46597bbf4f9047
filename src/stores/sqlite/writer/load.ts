import type { DatabaseSync } from 'node:sqlite';
import { heldCode, stateCode } from '../../codes.ts';
import type { LoadedRow } from '../../log/loaded-row.ts';
import { loadColumns } from './loaded-row.ts';
import type { DueRows, PendingRequest, WaitingRow } from './protocol.ts';

const pending = stateCode('pending');
const retrying = stateCode('retrying');
const skipped = stateCode('skipped');
const atOnce = 1_000;

/**
 * What lanes ask of the store between commits. Every statement goes through index `deliveries_waiting`, and for that
 * has the index's own condition `state <= 2` in it: SQLite does not conclude it from `state = 1`.
 */
export interface Loads {
  pending(request: PendingRequest): readonly LoadedRow[];
  retries(webhookId: string, now: number, limit: number): DueRows;
  these(webhookId: string, deliveries: readonly number[]): readonly LoadedRow[];
  waiting(): readonly WaitingRow[];
  skipWaiting(webhookId: string, reason: string, now: number): number;
}

export function createLoads(db: DatabaseSync): Loads {
  // A pending row's `due` is when it was accepted, so (due, seq) is the order of acceptance.
  const pendingAfter = db.prepare(
    `SELECT ${loadColumns} WHERE d.webhook = ? AND d.state = ${pending} AND d.state <= 2 AND (d.due, d.seq) > (?, ?)
     ORDER BY d.due, d.seq LIMIT ?`,
  );
  const retriesDue = db.prepare(
    `SELECT ${loadColumns} WHERE d.webhook = ? AND d.state = ${retrying} AND d.state <= 2 AND d.due <= ? ORDER BY d.due, d.seq LIMIT ?`,
  );
  const oneWaiting = db.prepare(`SELECT ${loadColumns} WHERE d.seq = ? AND d.webhook = ? AND d.state <= 2`);
  const nextRetry = db.prepare(
    `SELECT due FROM deliveries WHERE webhook = ? AND state = ${retrying} AND state <= 2 AND due > ? ORDER BY due LIMIT 1`,
  );
  const nextWebhook = db.prepare(
    'SELECT webhook FROM deliveries WHERE state <= 2 AND webhook > ? ORDER BY webhook LIMIT 1',
  );
  const firstOf = db.prepare(
    'SELECT due FROM deliveries WHERE webhook = ? AND state = ? AND state <= 2 ORDER BY due LIMIT 1',
  );
  const skip = `UPDATE deliveries SET state = ${skipped}, due = ?, reason = ?, order_key = NULL WHERE seq IN`;
  const skipSome = db.prepare(
    `${skip} (SELECT seq FROM deliveries WHERE webhook = ? AND state <= 2 LIMIT ${atOnce})`,
  );
  const skipSomeHeld = db.prepare(
    `${skip} (SELECT seq FROM deliveries WHERE webhook = ? AND order_key IS NOT NULL AND state = ${heldCode} LIMIT ${atOnce})`,
  );

  return {
    pending({ webhookId, due, after, limit, mostCharacters }) {
      const rows: LoadedRow[] = [];
      let characters = 0;
      for (const row of pendingAfter.iterate(webhookId, due, after, limit) as Iterable<unknown>) {
        rows.push(row as LoadedRow);
        characters += (row as LoadedRow).body.length;
        if (characters >= mostCharacters) break;
      }
      return rows;
    },
    retries(webhookId, now, limit) {
      const rows = retriesDue.all(webhookId, now, limit) as unknown as LoadedRow[];
      const next = rows.length === limit ? now : nextRetry.get(webhookId, now)?.due;
      return { rows, next: next === undefined ? null : Number(next) };
    },
    these: (webhookId, deliveries) =>
      deliveries.flatMap((seq) => (oneWaiting.get(seq, webhookId) as LoadedRow | undefined) ?? []),
    waiting() {
      const answer: WaitingRow[] = [];
      for (let row = nextWebhook.get(''); row; row = nextWebhook.get(String(row.webhook))) {
        const webhook = String(row.webhook);
        const next = firstOf.get(webhook, retrying)?.due;
        answer.push({
          webhook,
          pending: firstOf.get(webhook, pending) ? 1 : 0,
          next: next === undefined ? null : Number(next),
        });
      }
      return answer;
    },
    skipWaiting(webhookId, reason, now) {
      const held = Number(skipSomeHeld.run(now, reason, webhookId).changes);
      return held > 0 ? held : Number(skipSome.run(now, reason, webhookId).changes);
    },
  };
}
