import type { DatabaseSync } from 'node:sqlite';
import { decodeEvent, type StoredEventRow } from '../event-body.ts';
import { count, createTally } from './counts.ts';
import type { ForgetEvent } from './forget-event.ts';

export interface DeleteRequest {
  readonly erasure: string;
  readonly accountId: string;
  readonly events: readonly number[];
}

/** As in `erase-events.ts`. */
const longestMs = 8;
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

  return ({ erasure, accountId, events }) => {
    const began = performance.now();
    const tally = createTally();
    let done = 0;
    db.exec('BEGIN IMMEDIATE');
    try {
      for (const seq of events) {
        if (done > 0 && performance.now() - began > longestMs) break;
        if (!deleteOne(seq)) break;
        done++;
      }
      count(db, erasure, tally.counts);
      db.exec('COMMIT');
      return done;
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }

    /** `false`: there is more of it, or more to come. */
    function deleteOne(seq: number): boolean {
      const row = eventOf.get(seq) as unknown as StoredEventRow | undefined;
      if (!row || row.account !== accountId) return true;
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
