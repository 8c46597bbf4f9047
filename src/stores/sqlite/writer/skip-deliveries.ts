import type { DatabaseSync } from 'node:sqlite';
import { heldCode, stateCode } from '../../codes.ts';
import type { LoadedRow } from '../../log/loaded-row.ts';
import { createInOrder } from './in-order.ts';
import type { Skipped } from './protocol.ts';

const skipped = stateCode('skipped');

/**
 * Ends some deliveries of one webhook that wait, in one transaction; of others nothing is changed. Where the webhook wants
 * order, those of their messages that waited behind them have their turn.
 */
export function createSkipDeliveries(
  db: DatabaseSync,
): (webhookId: string, deliveries: readonly number[], reason: string, now: number) => Skipped {
  const inOrder = createInOrder(db);
  // One that was held was behind another: nobody's turn comes because it ends.
  const skip = db.prepare(
    `UPDATE deliveries SET state = ${skipped}, due = ?, reason = ?, order_key = iif(state = ${heldCode}, NULL, order_key)
     WHERE seq = ? AND webhook = ? AND (state <= 2 OR state = ${heldCode})`,
  );

  return (webhookId, deliveries, reason, now) => {
    db.exec('BEGIN IMMEDIATE');
    try {
      const ended = deliveries.filter((seq) => Number(skip.run(now, reason, seq, webhookId).changes) > 0);
      const released: LoadedRow[] = [];
      const overtaken: LoadedRow[] = [];
      for (const seq of ended) {
        const turn = inOrder.ended(seq, skipped, now);
        if (turn.released) released.push(turn.released);
        overtaken.push(...turn.outdated);
      }
      db.exec('COMMIT');
      return { deliveries: ended.length, released, overtaken };
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  };
}
