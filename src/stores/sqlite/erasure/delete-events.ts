import type { DatabaseSync } from 'node:sqlite';
import type { Tally } from '../../erasure/tally.ts';
import { decodeEvent } from '../../event-body.ts';
import { isOfEvent, ofEvent, type SpacedRow, spacingColumn } from '../spacing.ts';
import { type Patience, untroubled } from '../thread/patience.ts';
import type { ForgetEvents } from './forget-events.ts';
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
  forget: ForgetEvents,
): (request: DeleteRequest, patience?: Patience) => number {
  const eventOf = db.prepare(
    `SELECT seq, id, account, deliveries, ${spacingColumn}, body FROM events WHERE seq = ?`,
  );
  const isUnfinished = db.prepare('SELECT 1 FROM fan_outs WHERE event = ?');
  const deleteAttempts = db.prepare(
    `DELETE FROM attempts WHERE (delivery, number) IN (SELECT delivery, number FROM attempts
       WHERE ${isOfEvent('delivery')} LIMIT ${rowsAtOnce})`,
  );
  const deleteDeliveries = db.prepare(
    `DELETE FROM deliveries WHERE seq IN (SELECT seq FROM deliveries
       WHERE ${isOfEvent('seq')} LIMIT ${rowsAtOnce})`,
  );
  const deleteEvent = db.prepare('DELETE FROM events WHERE seq = ?');

  return (request, patience = untroubled) => {
    forget.begin(null);
    return dealWithSome(db, request, forget, patience, deleteOne);

    /** `false`: there is more of it, or more to come. */
    function deleteOne(seq: number, tally: Tally): boolean {
      const row = eventOf.get(seq) as unknown as SpacedRow | undefined;
      if (!row || row.account !== request.accountId) return true;
      if (isUnfinished.get(seq)) return false;
      const attempts = Number(deleteAttempts.run(...ofEvent(row)).changes);
      tally.add('attempts', attempts);
      if (attempts === rowsAtOnce) return false;
      const gone = Number(deleteDeliveries.run(...ofEvent(row)).changes);
      tally.add('deliveries', gone);
      if (gone === rowsAtOnce) return false;
      forget.add(row, decodeEvent(row), true);
      deleteEvent.run(seq);
      tally.add('events');
      return true;
    }
  };
}
