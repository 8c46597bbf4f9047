import type { DatabaseSync } from 'node:sqlite';
import { type DeliveryState, deliveryStates } from '../../../core/delivery.ts';
import type { EventHead } from '../../../core/event.ts';
import { createNumberMatcher } from '../../../history/number-matcher.ts';
import { viewedState } from '../../history/viewed-state.ts';
import { acceptedAt } from '../../log/acceptance-clock.ts';
import type { EventFilter, FoundEvent } from '../../ports/history.ts';
import { searchTerm } from '../../search/terms.ts';
import type { PageAnswer, PageQuestion } from '../reader/page.ts';
import { createPageBounds } from '../reader/page-bounds.ts';
import { type Effort, prepare, type Work } from '../reader/work.ts';
import { findByRanges, findByTerm } from '../search/find.ts';
import type { Found } from '../search/found.ts';
import { isOfEvent, type Numbering, ofEvent } from '../spacing.ts';
import { numberHasher } from '../thread/number-key.ts';
import { byNumber } from './candidates.ts';
import { createHistoryReader } from './rows.ts';

const eventsTogether = 200;

/** One page of the events that have these ids, newest first, by the term of the id that the fewest events share. */
export function* findEvents(
  db: DatabaseSync,
  { filter, limit, behind }: PageQuestion<EventFilter>,
  effort: Effort,
): Work<PageAnswer<FoundEvent>> {
  const reader = createHistoryReader(db);
  const statesOf = createStateCounts(db);
  const hasIds = createIdMatcher(db, filter);
  const bounds = createPageBounds(effort);
  const data: FoundEvent[] = [];
  let last = behind ?? Number.MAX_SAFE_INTEGER;
  for (const seq of eventsFor(db, filter, last)) {
    if (seq === null) {
      yield;
      continue;
    }
    if (seq >= last) continue;
    if (data.length === limit || bounds.full) return { data, next: last };
    last = seq;
    yield;
    const key = reader.key(seq);
    const isTheirs = key && (filter.accountId === null || key.account === filter.accountId);
    const head = isTheirs ? reader.head(key) : null;
    bounds.examined(head?.bytes ?? 0);
    if (!key || !head || !hasIds(head.event)) continue;
    const deliveries = statesOf(key);
    const found = { event: head.event, acceptedAt: acceptedAt(key.seq, key.accepted_at), deliveries };
    data.push(found);
    // Its deliveries are looked at too, some 1 µs each.
    bounds.added(JSON.stringify(found).length + key.deliveries * 10);
  }
  return { data, next: null };
}

/** Events that may have these ids, newest first, by the one that the fewest events share. */
function* eventsFor(db: DatabaseSync, filter: EventFilter, before: number): Found {
  const { messageId, transactionId, mobileNumber } = filter;
  const span = { from: 0, before };
  if (messageId !== undefined) return yield* findByTerm(db, searchTerm('message', messageId), span);
  if (transactionId !== undefined)
    return yield* findByTerm(db, searchTerm('transaction', transactionId), span);
  if (mobileNumber === undefined) return;
  const { ranges, lastUnordered } = byNumber(db, mobileNumber);
  yield* findByRanges(db, ranges, span);
  yield* everyEvent(db, Math.min(before, lastUnordered + 1));
}

function* everyEvent(db: DatabaseSync, before: number): Found {
  const page = prepare(db, `SELECT seq FROM events WHERE seq < ? ORDER BY seq DESC LIMIT ${eventsTogether}`);
  for (let next = before; ; ) {
    const rows = page.all(next);
    for (const { seq } of rows) yield Number(seq);
    if (rows.length < eventsTogether) return;
    next = Number(rows.at(-1)?.seq);
  }
}

function createIdMatcher(
  db: DatabaseSync,
  { messageId, transactionId, mobileNumber }: EventFilter,
): (event: EventHead) => boolean {
  const number = mobileNumber === undefined ? null : createNumberMatcher(mobileNumber, numberHasher(db));
  return (event) =>
    (messageId === undefined || event.messageId === messageId) &&
    (transactionId === undefined || event.transactionId === transactionId) &&
    (number === null || number(event));
}

/** How many of an event's deliveries are in which state. */
function createStateCounts(db: DatabaseSync): (event: Numbering) => FoundEvent['deliveries'] {
  const counts = prepare(
    db,
    `SELECT state, attempts > 0 AS attempts, count(*) AS n FROM deliveries WHERE ${isOfEvent('seq')} GROUP BY 1, 2`,
  );
  return (event) => {
    const states = Object.fromEntries(deliveryStates.map((state) => [state, 0])) as Record<
      DeliveryState,
      number
    >;
    for (const { state, attempts, n } of counts.all(...ofEvent(event))) {
      states[viewedState({ state: Number(state), attempts: Number(attempts) })] += Number(n);
    }
    return states;
  };
}
