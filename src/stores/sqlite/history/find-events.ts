import type { DatabaseSync } from 'node:sqlite';
import { type DeliveryState, deliveryStates } from '../../../core/delivery.ts';
import type { EventHead } from '../../../core/event.ts';
import { sequenceTime } from '../../../core/ids.ts';
import type { EventFilter, FoundEvent } from '../../ports/history.ts';
import { decodeEventHead } from '../event-body.ts';
import { findByTerm } from '../search/find.ts';
import { mobileKey, searchTerm } from '../search/terms.ts';
import { createHistoryReader, type HistoryReader, viewedState } from './rows.ts';

export interface FindRequest {
  readonly filter: EventFilter;
  readonly limit: number;
  /** Only events with a lower sequence number: where the page before ended. */
  readonly before: number | null;
}

export interface FindAnswer {
  readonly data: readonly FoundEvent[];
  readonly next: number | null;
}

/** As for lists of deliveries: a page that ends there is short, and its cursor goes on. */
const mostExamined = 5_000;

/** One page of the events that have these ids, newest first, by the term of the id that the fewest events share. */
export function findEvents(db: DatabaseSync, { filter, limit, before }: FindRequest): FindAnswer {
  const term = termOf(filter);
  if (term === null) return { data: [], next: null };
  const reader = createHistoryReader(db);
  const span = { from: 0, before: before ?? Number.MAX_SAFE_INTEGER };
  const data: FoundEvent[] = [];
  let examined = 0;
  let last = 0;
  db.exec('BEGIN');
  try {
    for (const seq of findByTerm(db, term, span)) {
      if (data.length === limit || examined === mostExamined) return { data, next: last };
      examined++;
      last = seq;
      const row = reader.event(seq);
      if (!row || (filter.accountId !== null && row.account !== filter.accountId)) continue;
      const event = decodeEventHead(row);
      if (!hasIds(event, filter)) continue;
      const deliveries = statesOf(reader, row.seq, row.deliveries);
      data.push({ event, acceptedAt: sequenceTime(row.seq), deliveries });
    }
    return { data, next: null };
  } finally {
    db.exec('COMMIT');
  }
}

function termOf({ messageId, transactionId, mobileNumber }: EventFilter): number | null {
  if (messageId !== undefined) return searchTerm('message', messageId);
  if (transactionId !== undefined) return searchTerm('transaction', transactionId);
  return mobileNumber === undefined ? null : searchTerm('mobile', mobileKey(mobileNumber));
}

function hasIds(event: EventHead, { messageId, transactionId, mobileNumber }: EventFilter): boolean {
  return (
    (messageId === undefined || event.messageId === messageId) &&
    (transactionId === undefined || event.transactionId === transactionId) &&
    (mobileNumber === undefined ||
      (event.mobileNumber !== null && mobileKey(event.mobileNumber) === mobileKey(mobileNumber)))
  );
}

function statesOf(reader: HistoryReader, event: number, count: number): FoundEvent['deliveries'] {
  const states = Object.fromEntries(deliveryStates.map((state) => [state, 0])) as Record<
    DeliveryState,
    number
  >;
  for (let seq = event + 1; seq <= event + count; seq++) {
    const row = reader.delivery(seq);
    if (row) states[viewedState(row)]++;
  }
  return states;
}
