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
const smallChunk = 50;
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
  const { state, statusCode, errorClass } = filter;
  const inIndex = (condition: string): readonly string[] => webhooksIn(db, condition, webhooks);
  const endedBadly = (ended: 'failed' | 'skipped'): Iterable<number> => {
    const ofClass = errorClass === undefined ? '' : ` AND error_class = ${errorClassCode(errorClass)}`;
    const condition = `state = ${stateCode(ended)} AND ${endedBadlyIndex}${ofClass}`;
    return pages(db, condition, inIndex(endedBadlyIndex), span);
  };
  const retrying = (): number[] | null =>
    waiting(db, [`state = ${stateCode('retrying')} AND ${waitingIndex}`], inIndex(waitingIndex), span);

  if (state === 'failed' || state === 'skipped') return endedBadly(state);
  if (statusCode !== undefined && (statusCode < 200 || statusCode > 299)) {
    const condition = `status_code = ${Math.trunc(statusCode)} AND ${oddStatusIndex}`;
    return pages(db, condition, inIndex(oddStatusIndex), span);
  }
  if (state === 'pending') {
    const conditions = [`state = ${stateCode('pending')} AND ${waitingIndex}`, inOrderIndex];
    return waiting(db, conditions, [...new Set([waitingIndex, inOrderIndex].flatMap(inIndex))], span);
  }
  if (state === 'retrying') return retrying();
  if (errorClass === undefined || state !== undefined) return null;
  // What was delivered and what was never tried has no error.
  const again = retrying();
  return again && merge([again, endedBadly('failed'), endedBadly('skipped')]);
}

/**
 * The conditions of the partial indexes, which begin with the webhook. They stand in each statement word for word, and
 * so do the numbers: SQLite concludes neither one from the other nor anything from a parameter.
 */
const waitingIndex = 'state <= 2';
const endedBadlyIndex = 'state IN (4, 5)';
const oddStatusIndex = 'status_code NOT BETWEEN 200 AND 299';
const inOrderIndex = 'order_key IS NOT NULL';

/**
 * Those of a scope that are in a partial index at all, found by leaping through it: of thousands of webhooks few have
 * something there, and asking each takes 10 µs. `null`: every webhook. A small scope is asked as it is.
 */
function webhooksIn(db: DatabaseSync, condition: string, scope: readonly string[] | null): readonly string[] {
  if (scope !== null && scope.length <= fewWebhooks) return scope;
  const next = (after: string): string =>
    `(SELECT webhook FROM deliveries WHERE ${condition} AND webhook > ${after} ORDER BY webhook LIMIT 1)`;
  const rows = db
    .prepare(
      `WITH RECURSIVE found (id) AS (
         SELECT ${next("''")} UNION ALL SELECT ${next('found.id')} FROM found WHERE found.id IS NOT NULL
       ) SELECT id FROM found WHERE id IS NOT NULL`,
    )
    .all();
  const allowed = scope && new Set(scope);
  return rows.map((row) => String(row.id)).filter((id) => !allowed || allowed.has(id));
}

function waiting(
  db: DatabaseSync,
  conditions: readonly string[],
  scope: readonly string[],
  span: Span,
): number[] | null {
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
  // Any chunk gives out at least its own length in all: of many webhooks a page's worth each is enough.
  const size = scope.length <= fewWebhooks ? chunk : smallChunk;
  const page = db.prepare(
    `SELECT seq FROM deliveries WHERE webhook = ? AND ${condition} AND seq >= ? AND seq < ? ORDER BY seq DESC LIMIT ${size}`,
  );
  let before = span.before;
  for (;;) {
    const found: number[] = [];
    let certain = span.from;
    for (const webhook of scope) {
      const rows = page.all(webhook, span.from, before);
      for (const { seq } of rows) found.push(Number(seq));
      if (rows.length === size) certain = Math.max(certain, Number(rows.at(-1)?.seq));
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
