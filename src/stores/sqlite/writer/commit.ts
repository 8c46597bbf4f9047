import type { DatabaseSync } from 'node:sqlite';
import { eventIdentity } from '../../../core/event-identity.ts';
import { sequenceTime } from '../../../core/ids.ts';
import { stateCode } from '../codes.ts';
import { decodeEvent } from '../event-body.ts';
import { identityTerm, mobileKey, searchTerm } from '../search/terms.ts';
import type { EventIndex } from './event-index.ts';
import type { AttemptRow, CommitAnswer, EventRow } from './protocol.ts';

const pending = stateCode('pending');

/** Stores events with their deliveries, and attempts with their effect, in one transaction. */
export function createCommit(
  db: DatabaseSync,
  index: EventIndex,
): (events: readonly EventRow[], attempts: readonly AttemptRow[]) => CommitAnswer {
  const insertEvent = db.prepare(
    'INSERT INTO events (seq, id, account, deliveries, body) VALUES (?, ?, ?, ?, ?)',
  );
  const insertDelivery = db.prepare(
    `INSERT INTO deliveries (seq, event, webhook, state, attempts, since_replay, manual, due)
     VALUES (?, ?, ?, ${pending}, 0, 0, 0, ?)`,
  );
  const insertAttempt = db.prepare('INSERT OR IGNORE INTO attempts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const updateDelivery = db.prepare(
    `UPDATE deliveries SET state = ?, attempts = ?, since_replay = since_replay + 1, manual = 0, due = ?,
       status_code = ?, error_class = ?, reason = ? WHERE seq = ?`,
  );
  const eventBySeq = db.prepare('SELECT seq, id, account, deliveries, body FROM events WHERE seq = ?');

  function findSame(term: number, identity: string): readonly [number, string | null, number] | null {
    for (const seq of index.find(term)) {
      const row = eventBySeq.get(seq) as
        | { seq: number; id: string | null; account: string; deliveries: number; body: string }
        | undefined;
      if (row && eventIdentity(decodeEvent(row), row.id) === identity)
        return [row.seq, row.id, row.deliveries];
    }
    return null;
  }

  function storeEvent(row: EventRow): CommitAnswer[number] {
    const [seq, ownId, account, identity, messageId, transactionId, mobileNumber, body, webhookIds] = row;
    const term = identityTerm(identity);
    const same = findSame(term, identity);
    if (same) return same;
    insertEvent.run(seq, ownId, account, webhookIds.length, body);
    const terms = [searchTerm('message', messageId), seq];
    if (transactionId !== null) terms.push(searchTerm('transaction', transactionId), seq);
    if (mobileNumber !== null) terms.push(searchTerm('mobile', mobileKey(mobileNumber)), seq);
    if (webhookIds.length > 0) terms.push(searchTerm('account', account), seq);
    let delivery = seq;
    // The time in the sequence number never runs back, so pending rows lie in the order of acceptance by `due`.
    const acceptedAt = sequenceTime(seq);
    for (const webhookId of webhookIds) {
      delivery++;
      insertDelivery.run(delivery, seq, webhookId, acceptedAt);
      terms.push(searchTerm('webhook', webhookId), delivery);
    }
    index.add(term, seq, terms);
    return 0;
  }

  function storeAttempt(row: AttemptRow): void {
    const [
      delivery,
      number,
      version,
      manual,
      startedAt,
      durationMs,
      status,
      errorClass,
      detail,
      body,
      state,
      due,
      reason,
    ] = row;
    insertAttempt.run(
      delivery,
      number,
      version,
      manual,
      startedAt,
      durationMs,
      status,
      errorClass,
      detail,
      body,
    );
    updateDelivery.run(state, number, due, status, errorClass, reason, delivery);
  }

  return (events, attempts) => {
    db.exec('BEGIN IMMEDIATE');
    try {
      const answer = events.map((row) => storeEvent(row));
      for (const row of attempts) storeAttempt(row);
      index.write();
      db.exec('COMMIT');
      index.commit();
      return answer;
    } catch (error) {
      index.rollback();
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  };
}
