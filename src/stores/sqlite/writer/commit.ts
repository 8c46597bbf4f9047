import type { DatabaseSync } from 'node:sqlite';
import { sequenceTime } from '../../../core/ids.ts';
import { stateCode } from '../../codes.ts';
import type { LoadedRow } from '../../log/loaded-row.ts';
import type { AttemptRow, NewEventRow } from '../../log/row-types.ts';
import { newEventOf } from '../../log/rows.ts';
import { identityTerm, searchTerm } from '../../search/terms.ts';
import { createAcceptanceNotes } from '../acceptance-times.ts';
import { contentTerms } from '../search/content-terms.ts';
import { ownIdTerm } from '../search/own-id-terms.ts';
import { runKinds } from '../search/runs/tables.ts';
import type { EventIndex } from './event-index.ts';
import type { FanOuts } from './fan-outs.ts';
import { createInOrder } from './in-order.ts';
import type { CommitAnswer, EventAnswer } from './protocol.ts';
import { createFindSame } from './same-event.ts';

const pending = stateCode('pending');
const retrying = stateCode('retrying');
const skipped = stateCode('skipped');

/** Stores events with their deliveries, and attempts with their effect, in one transaction. */
export function createCommit(
  db: DatabaseSync,
  index: EventIndex,
  fanOuts: Pick<FanOuts, 'note'>,
): (
  events: readonly NewEventRow[],
  attempts: readonly AttemptRow[],
  acceptedAt?: number | null,
) => CommitAnswer {
  const insertEvent = db.prepare(
    'INSERT INTO events (seq, id, account, deliveries, body) VALUES (?, ?, ?, ?, ?)',
  );
  const insertDelivery = db.prepare(
    `INSERT INTO deliveries (seq, event, webhook, state, attempts, since_replay, manual, due)
     VALUES (?, ?, ?, ${pending}, 0, 0, 0, ?)`,
  );
  const insertOrdered = db.prepare(
    `INSERT INTO deliveries (seq, event, webhook, state, attempts, since_replay, manual, due, reason, order_key)
     VALUES (?, ?, ?, ?, 0, 0, 0, ?, ?, ?)`,
  );
  const conclude = db.prepare('UPDATE deliveries SET state = ?, due = ?, reason = ? WHERE seq = ?');
  const inOrder = createInOrder(db);
  const noteAcceptance = createAcceptanceNotes(db);
  let withheld: number[] = [];
  let outdated: number[] = [];
  let released: LoadedRow[] = [];
  let overtaken: LoadedRow[] = [];
  const insertAttempt = db.prepare('INSERT OR IGNORE INTO attempts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const updateDelivery = db.prepare(
    `UPDATE deliveries SET state = ?, attempts = ?, since_replay = since_replay + ?, counted_at = coalesce(?, counted_at),
       list_most = ?, manual = 0, due = ?, status_code = ?, error_class = ?, reason = ? WHERE seq = ?`,
  );
  const findSame = createFindSame(db, index);

  function storeEvent(row: NewEventRow, acceptedAt: number | null): EventAnswer {
    const { seq, account, webhookIds, part } = row;
    if (part !== null && part.from > 0) {
      index.addTerms(storeDeliveries(row));
      return 0;
    }
    const kind = row.ownId === null ? runKinds.report : runKinds.ownId;
    const term = row.ownId === null ? identityTerm(row.identity) : ownIdTerm(account, row.ownId);
    const same = findSame(row, kind, term, acceptedAt);
    if (same) return same;
    insertEvent.run(seq, row.ownId, account, part === null ? webhookIds.length : part.of, row.body);
    const terms: number[] = [];
    for (const content of contentTerms(db, row)) terms.push(content, seq);
    if (webhookIds.length > 0) terms.push(searchTerm('account', account), seq);
    terms.push(...storeDeliveries(row));
    index.add(kind, term, seq, terms);
    return 0;
  }

  /** Gives their search terms. */
  function storeDeliveries(row: NewEventRow): number[] {
    const { seq, webhookIds, orderedWebhookIds, part } = row;
    const ordered = orderedWebhookIds.length === 0 ? null : new Set(orderedWebhookIds);
    const terms: number[] = [];
    let delivery = seq + (part?.from ?? 0);
    // The time in the sequence number never runs back, so pending rows lie in the order of acceptance by `due`.
    const place = sequenceTime(seq);
    for (const webhookId of webhookIds) {
      delivery++;
      if (ordered?.has(webhookId)) storeOrdered(delivery, row, webhookId, place);
      else insertDelivery.run(delivery, seq, webhookId, place);
      terms.push(searchTerm('webhook', webhookId), delivery);
    }
    if (part !== null) fanOuts.note(row);
    return terms;
  }

  function storeOrdered(delivery: number, row: NewEventRow, webhookId: string, place: number): void {
    const { state, reason, key } = inOrder.begin(webhookId, newEventOf(row));
    if (state !== pending) withheld.push(delivery);
    const ended = state === skipped;
    if (ended) outdated.push(delivery);
    insertOrdered.run(delivery, row.seq, webhookId, state, place, reason, ended ? null : key);
  }

  function storeAttempt(row: AttemptRow): void {
    const { delivery, number, startedAt, statusCode, errorClass, state, due, reason, ordered, counts } = row;
    if (number === 0) {
      conclude.run(state, due, reason, delivery);
    } else {
      insertAttempt.run(
        delivery,
        number,
        row.webhookVersion,
        row.manual,
        startedAt,
        row.durationMs,
        statusCode,
        errorClass,
        row.errorDetail,
        row.responseBody,
      );
      updateDelivery.run(
        state,
        number,
        counts ? 1 : 0,
        counts ? startedAt : null,
        row.listMost,
        due,
        statusCode,
        errorClass,
        reason,
        delivery,
      );
    }
    if (!ordered || state <= retrying) return;
    const turn = inOrder.ended(delivery, state, due);
    if (turn.released) released.push(turn.released);
    overtaken.push(...turn.outdated);
  }

  return (events, attempts, acceptedAt = null) => {
    db.exec('BEGIN IMMEDIATE');
    try {
      index.begin();
      withheld = [];
      outdated = [];
      released = [];
      overtaken = [];
      const answers = events.map((row) => storeEvent(row, acceptedAt));
      const [first, last] = [events.find(isWhollyNew)?.seq, events.findLast(isWhollyNew)?.seq];
      if (acceptedAt !== null && first !== undefined && last !== undefined) {
        noteAcceptance(first, last, acceptedAt);
      }
      for (const row of attempts) storeAttempt(row);
      const ended = attempts.find((row) => row.ordered);
      if (ended) inOrder.forgetOld(ended.startedAt);
      index.write();
      db.exec('COMMIT');
      index.commit();
      return { events: answers, withheld, outdated, released, overtaken };
    } catch (error) {
      index.rollback();
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  };
}

/** Not a later part of one that is on disk already. */
function isWhollyNew({ part }: NewEventRow): boolean {
  return part === null || part.from === 0;
}
