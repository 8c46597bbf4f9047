import type { DatabaseSync } from 'node:sqlite';
import { isCutText } from '../../../core/cut-event.ts';
import { heldCode, stateCode } from '../../codes.ts';
import { decodeEvent, type EventText } from '../../event-body.ts';
import { orderKeys } from '../../log/order-key.ts';
import type { RequeuedRow, RequeueRows } from './protocol.ts';

const retrying = stateCode('retrying');

/** A delivery with its event. */
interface Row extends EventText {
  readonly webhook: string;
  readonly state: number;
  readonly order_key: number | null;
}

/**
 * Makes many deliveries of one webhook due now, in one transaction; not those of events whose contents are gone. They lie among the retries, in the order of their
 * numbers. Where the webhook wants order, a delivery joins its message's queue (`in-order.ts`): behind one that has not
 * ended it is held.
 */
export function createRequeueMany(db: DatabaseSync): (request: RequeueRows) => readonly RequeuedRow[] {
  const find = db.prepare(
    `SELECT d.webhook, d.state, d.order_key, e.seq, e.id, e.account, e.body
     FROM deliveries d JOIN events e ON e.seq = d.event WHERE d.seq = ?`,
  );
  const unfinished = db.prepare('SELECT 1 FROM deliveries WHERE webhook = ? AND order_key = ? LIMIT 1');
  const update = db.prepare(
    'UPDATE deliveries SET state = ?, due = ?, since_replay = 0, manual = 1, reason = NULL, order_key = ? WHERE seq = ?',
  );

  function requeue(delivery: number, request: RequeueRows): RequeuedRow | null {
    const row = find.get(delivery) as Row | undefined;
    // Of what is gone nothing can be sent.
    if (!row || row.webhook !== request.webhookId || isCutText(row.body)) return null;
    // A held one waits in its place already; who asks for what is on its way is told so.
    if (row.state === heldCode && request.states.includes(retrying)) {
      return { delivery, orderKey: row.order_key };
    }
    if (!request.states.includes(row.state)) return null;
    // One that is on its way may be in its lane's memory, as one that waits for nobody.
    const joins = request.ordered && row.order_key === null && row.state !== retrying;
    const keys = joins ? orderKeys(decodeEvent(row)) : [];
    const busy = keys.find((queue) => unfinished.get(row.webhook, queue));
    const key = busy ?? keys[0] ?? row.order_key;
    const state = busy === undefined ? retrying : heldCode;
    update.run(state, request.now, key, delivery);
    return { delivery, orderKey: key };
  }

  return (request) => {
    db.exec('BEGIN IMMEDIATE');
    try {
      const requeued = request.deliveries.map((delivery) => requeue(delivery, request));
      db.exec('COMMIT');
      return requeued.filter((row) => row !== null);
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  };
}
