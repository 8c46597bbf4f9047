import type { DatabaseSync } from 'node:sqlite';
import type { DeliveryFilter } from '../../ports/history.ts';
import { errorClassCode, stateCode } from '../codes.ts';
import { findByTerm, findByTerms, type Span } from '../search/find.ts';
import { mobileKey, searchTerm } from '../search/terms.ts';

/** Up to so many webhooks are read one beside the other; of more, all deliveries are walked. */
const fewWebhooks = 50;
/** So many waiting deliveries are sorted at once; of more, walking finds them soon enough. */
const fewWaiting = 5_000;
const chunk = 200;
/** A delivery's number is that of its event plus at most so much. */
export const mostDeliveries = 10_000;

/**
 * Deliveries that may match a filter, newest first, by the narrowest way there is:
 *
 * ```text
 * message id, transaction id, number ──▸ search terms
 * failed, skipped, a status other than 2xx, few waiting, an error class ──▸ their partial index, webhook by webhook
 * one or few webhooks, one account ──▸ search terms
 * else ──▸ all deliveries
 * ```
 * @param webhooks the webhooks that the filter allows; `null`: all
 */
export function candidates(
  db: DatabaseSync,
  filter: DeliveryFilter,
  webhooks: readonly string[] | null,
  span: Span,
): Iterable<number> {
  const term = searchTermOf(filter);
  if (term !== null) return deliveriesOf(db, findByTerm(db, term, eventSpan(span)), span);
  const indexed = byPartialIndex(db, filter, webhooks, span);
  if (indexed) return indexed;
  if (webhooks !== null && webhooks.length <= fewWebhooks) {
    const terms = webhooks.map((webhook) => searchTerm('webhook', webhook));
    return findByTerms(db, terms, span);
  }
  if (filter.accountId !== null) {
    return deliveriesOf(db, findByTerm(db, searchTerm('account', filter.accountId), eventSpan(span)), span);
  }
  return everyDelivery(db, span);
}

function searchTermOf(filter: DeliveryFilter): number | null {
  if (filter.messageId !== undefined) return searchTerm('message', filter.messageId);
  if (filter.transactionId !== undefined) return searchTerm('transaction', filter.transactionId);
  if (filter.mobileNumber !== undefined) return searchTerm('mobile', mobileKey(filter.mobileNumber));
  return null;
}

/** The numbers of the events whose deliveries may lie in a span. */
function eventSpan(span: Span): Span {
  return { from: Math.max(0, span.from - mostDeliveries), before: span.before };
}

function* deliveriesOf(db: DatabaseSync, events: Iterable<number>, span: Span): Generator<number> {
  const count = db.prepare('SELECT deliveries FROM events WHERE seq = ?');
  for (const event of events) {
    for (let seq = event + Number(count.get(event)?.deliveries ?? 0); seq > event; seq--) {
      if (seq >= span.from && seq < span.before) yield seq;
    }
  }
}

function byPartialIndex(
  db: DatabaseSync,
  filter: DeliveryFilter,
  webhooks: readonly string[] | null,
  span: Span,
): Iterable<number> | null {
  const scope =
    webhooks ??
    db
      .prepare('SELECT id FROM webhooks')
      .all()
      .map((row) => String(row.id));
  const { state, statusCode, errorClass } = filter;
  if (state === 'failed' || state === 'skipped') return endedBadly(db, state, errorClass, scope, span);
  if (statusCode !== undefined && (statusCode < 200 || statusCode > 299)) {
    return pages(
      db,
      `status_code = ${Math.trunc(statusCode)} AND status_code NOT BETWEEN 200 AND 299`,
      scope,
      span,
    );
  }
  if (state === 'pending') return waiting(db, [inState('pending'), 'order_key IS NOT NULL'], scope, span);
  if (state === 'retrying') return waiting(db, [inState('retrying')], scope, span);
  if (errorClass !== undefined && state === undefined) {
    // What was delivered and what was never tried has none.
    const retrying = waiting(db, [inState('retrying')], scope, span);
    const ended = (['failed', 'skipped'] as const).map((each) =>
      endedBadly(db, each, errorClass, scope, span),
    );
    return retrying && merge([retrying, ...ended]);
  }
  return null;
}

function endedBadly(
  db: DatabaseSync,
  state: 'failed' | 'skipped',
  errorClass: DeliveryFilter['errorClass'],
  scope: readonly string[],
  span: Span,
): Iterable<number> {
  const ofClass = errorClass === undefined ? '' : ` AND error_class = ${errorClassCode(errorClass)}`;
  // The number stands in the text: with a parameter SQLite could not know that the partial index holds it.
  return pages(db, `state = ${stateCode(state)} AND state IN (4, 5)${ofClass}`, scope, span);
}

/** The number stands in the text, and the index's condition too: SQLite does not conclude one from the other. */
function inState(state: 'pending' | 'retrying'): string {
  return `state = ${stateCode(state)} AND state <= 2`;
}

function waiting(
  db: DatabaseSync,
  conditions: readonly string[],
  scope: readonly string[],
  span: Span,
): Iterable<number> | null {
  const some = conditions.map((condition) =>
    db.prepare(`SELECT seq FROM deliveries WHERE webhook = ? AND ${condition} LIMIT ?`),
  );
  const found = new Set<number>();
  for (const webhook of scope) {
    for (const statement of some) {
      for (const { seq } of statement.all(webhook, fewWaiting + 1)) found.add(Number(seq));
    }
    if (found.size > fewWaiting) return null;
  }
  return [...found].filter((seq) => seq >= span.from && seq < span.before).sort((a, b) => b - a);
}

/** Webhook by webhook, a chunk of each; what is certainly newer than any chunk's end is given out, and so on. */
function* pages(
  db: DatabaseSync,
  condition: string,
  scope: readonly string[],
  span: Span,
): Generator<number> {
  const page = db.prepare(
    `SELECT seq FROM deliveries WHERE webhook = ? AND ${condition} AND seq >= ? AND seq < ? ORDER BY seq DESC LIMIT ${chunk}`,
  );
  let before = span.before;
  for (;;) {
    const found: number[] = [];
    let certain = span.from;
    for (const webhook of scope) {
      const rows = page.all(webhook, span.from, before);
      for (const { seq } of rows) found.push(Number(seq));
      if (rows.length === chunk) certain = Math.max(certain, Number(rows.at(-1)?.seq));
    }
    yield* found.filter((seq) => seq >= certain).sort((a, b) => b - a);
    if (certain === span.from) return;
    before = certain;
  }
}

function* everyDelivery(db: DatabaseSync, span: Span): Generator<number> {
  const page = db.prepare(
    `SELECT seq FROM deliveries WHERE seq >= ? AND seq < ? ORDER BY seq DESC LIMIT ${chunk}`,
  );
  let before = span.before;
  for (;;) {
    const rows = page.all(span.from, before);
    for (const { seq } of rows) yield Number(seq);
    if (rows.length < chunk) return;
    before = Number(rows.at(-1)?.seq);
  }
}

/** Several newest-first streams as one. */
function* merge(streams: readonly Iterable<number>[]): Generator<number> {
  const heads = streams.map((stream) => {
    const iterator = stream[Symbol.iterator]();
    return { iterator, head: iterator.next() };
  });
  for (;;) {
    let best: (typeof heads)[number] | null = null;
    for (const entry of heads) {
      if (!entry.head.done && (!best || entry.head.value > (best.head.value ?? 0))) best = entry;
    }
    if (!best || best.head.done) return;
    yield best.head.value;
    best.head = best.iterator.next();
  }
}
