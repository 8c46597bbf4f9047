import type { DatabaseSync } from 'node:sqlite';
import { sequenceTime } from '../../../core/ids.ts';
import { type FindingOptions, foundBy } from '../../moving/found-by.ts';
import type { LogBatch, MovedDelivery, MovedEvent } from '../../moving/log-batch.ts';
import { searchTerm } from '../../search/terms.ts';
import { ownIdTerm } from '../search/own-id-terms.ts';
import { runKinds } from '../search/runs/tables.ts';
import type { EventIndex } from '../writer/event-index.ts';

/** Writes events with all that is theirs, and what finds them; inside a transaction. */
export type WriteLog = (batch: LogBatch, options: FindingOptions) => void;

export function createWriteLog(db: DatabaseSync, index: EventIndex): WriteLog {
  const insertEvent = db.prepare(
    'INSERT INTO events (seq, id, account, deliveries, body, spacing) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const insertDelivery = db.prepare(
    `INSERT INTO deliveries (seq, event, webhook, state, attempts, since_replay, manual, due, status_code, error_class, reason,
       order_key, counted_at, list_most) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertAttempt = db.prepare(
    `INSERT INTO attempts (delivery, number, webhook_version, manual, started_at, duration_ms, status_code, error_class,
       error_detail, response_body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const noteTime = createTimeNotes(db);

  function addEvent(event: MovedEvent, deliveries: readonly MovedDelivery[], options: FindingOptions): void {
    const { seq, account, id, spacing } = event;
    insertEvent.run(seq, id, account, event.deliveries, event.body, spacing === 1 ? null : spacing);
    noteTime(event);
    const { message, transaction, number, identity } = foundBy(event, options);
    const terms: number[] = [];
    for (const term of [message, transaction, number]) if (term !== null) terms.push(term, seq);
    if (event.deliveries > 0) terms.push(searchTerm('account', account), seq);
    for (const delivery of deliveries) terms.push(searchTerm('webhook', delivery.webhook), delivery.seq);
    if (identity === null) index.addTerms(terms);
    else if (id === null) index.add(runKinds.report, identity, seq, terms);
    else index.add(runKinds.ownId, ownIdTerm(account, id), seq, terms);
  }

  return ({ events, deliveries, attempts }, options) => {
    const byEvent = Map.groupBy(deliveries, ({ event }) => event);
    for (const event of events) addEvent(event, byEvent.get(event.seq) ?? [], options);
    for (const row of deliveries) {
      insertDelivery.run(
        row.seq,
        row.event,
        row.webhook,
        row.state,
        row.attempts,
        row.sinceReplay,
        row.manual,
        row.due,
        row.statusCode,
        row.errorClass,
        row.reason,
        row.orderKey,
        row.countedAt,
        row.listMost,
      );
    }
    for (const row of attempts) {
      insertAttempt.run(
        row.delivery,
        row.number,
        row.webhookVersion,
        row.manual,
        row.startedAt,
        row.durationMs,
        row.statusCode,
        row.errorClass,
        row.errorDetail,
        row.responseBody,
      );
    }
  };
}

/** When events were accepted whose numbers do not say so: those that follow each other share a row. */
function createTimeNotes(db: DatabaseSync): (event: Pick<MovedEvent, 'seq' | 'acceptedAt'>) => void {
  const insert = db.prepare('INSERT INTO acceptance_times (first, last, at) VALUES (?, ?, ?)');
  const extend = db.prepare('UPDATE acceptance_times SET last = ? WHERE first = ?');
  let open: { readonly first: number; readonly at: number } | null = null;
  return ({ seq, acceptedAt }) => {
    if (acceptedAt === sequenceTime(seq)) open = null;
    else if (open?.at === acceptedAt) extend.run(seq, open.first);
    else {
      insert.run(seq, seq, acceptedAt);
      open = { first: seq, at: acceptedAt };
    }
  };
}
