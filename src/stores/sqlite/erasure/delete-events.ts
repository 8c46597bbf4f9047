import type { DatabaseSync } from 'node:sqlite';
import { decodeEvent, type StoredEventRow } from '../event-body.ts';
import type { Tally } from './counts.ts';
import type { ForgetEvent } from './forget-event.ts';
import { dealWithSome } from './some-events.ts';

export interface DeleteRequest {
  readonly erasure: string;
  readonly accountId: string;
  readonly events: readonly number[];
}

/** Rows of one event in a transaction, each of attempts and deliveries. */
const rowsAtOnce = 300;

/** Deletes events with their deliveries and attempts, in their order; gives how many are gone. */
export function createDeleteEvents(
  db: DatabaseSync,
  forget: ForgetEvent,
): (request: DeleteRequest) => number {
  const eventOf = db.prepare('SELECT seq, id, account, deliveries, body FROM events WHERE seq = ?');
  const isUnfinished = db.prepare('SELECT 1 FROM fan_outs WHERE event = ?');
  const deleteAttempts = db.prepare(
    `DELETE FROM attempts WHERE (delivery, number) IN (SELECT delivery, number FROM attempts
       WHERE delivery > ?1 AND delivery <= ?1 + ?2 LIMIT ${rowsAtOnce})`,
  );
  const deleteDeliveries = db.prepare(
    `DELETE FROM deliveries WHERE seq IN (SELECT seq FROM deliveries
       WHERE seq > ?1 AND seq <= ?1 + ?2 LIMIT ${rowsAtOnce})`,
  );
  const deleteEvent = db.prepare('DELETE FROM events WHERE seq = ?');

  return (request) => {
    return dealWithSome(db, request, deleteOne);

    /** `false`: there is more of it, or more to come. */
    function deleteOne(seq: number, tally: Tally): boolean {
      const row = eventOf.get(seq) as unknown as StoredEventRow | undefined;
      if (!row || row.account !== request.accountId) return true;
      if (isUnfinished.get(seq)) return false;
      const { deliveries } = row;
      const attempts = Number(deleteAttempts.run(seq, deliveries).changes);
      tally.add('attempts', attempts);
      if (attempts === rowsAtOnce) return false;
      const gone = Number(deleteDeliveries.run(seq, deliveries).changes);
      tally.add('deliveries', gone);
      if (gone === rowsAtOnce) return false;
      forget(row, decodeEvent(row), true, null);
      deleteEvent.run(seq);
      tally.add('events');
      return true;
    }
  };
}
