import type { DatabaseSync } from 'node:sqlite';
import { looksPartial, numberSearch } from '../../../core/number-search.ts';
import { errorClassCode, stateCode } from '../../codes.ts';
import type { DeliveryFilter } from '../../ports/history.ts';
import { numberTermsOf, type TermRange } from '../../search/number-terms.ts';
import { searchTerm } from '../../search/terms.ts';
import { lastFormerEvent } from '../former-terms.ts';
import { prepare, type Work } from '../reader/work.ts';
import { findByRanges, findByTerm, findByTerms } from '../search/find.ts';
import { formerNumberRanges, unkeyedNumberRanges } from '../search/former-number-terms.ts';
import type { Found, Span } from '../search/found.ts';
import { indexState } from '../search/runs/tables.ts';
import { mostApart, type Numbering, spacingColumn } from '../spacing.ts';
import { numberKeyOf } from '../thread/number-key.ts';

/** Up to so many webhooks are read one beside the other; of more, all deliveries are walked. */
const fewWebhooks = 50;
/** So many waiting deliveries are sorted at once; of more, walking finds them soon enough. */
const fewWaiting = 5_000;
const chunk = 200;
const smallChunk = 50;

/** So many webhooks are asked before others get between, some 10 µs each. */
const webhooksTogether = 50;

/**
 * Deliveries that may match a filter, newest first, by the narrowest way there is; `null` where others may get between:
 *
 * ```text
 * message id, transaction id, number ──▸ search terms
 * an end of a number, of events of before ──▸ as if it were not asked for
 * failed, skipped, a status other than 2xx, few waiting, an error class ──▸ their partial index, webhook by webhook
 * one or few webhooks, one account ──▸ search terms
 * else ──▸ all deliveries
 * ```
 * @param webhooks the webhooks that the filter allows; `null`: all
 */
export function* candidates(
  db: DatabaseSync,
  filter: DeliveryFilter,
  webhooks: readonly string[] | null,
  span: Span,
): Found {
  const term = searchTermOf(filter);
  if (term !== null) return yield* deliveriesOf(db, findByTerm(db, term, eventSpan(span)), span);
  if (filter.mobileNumber !== undefined) {
    const numbers = byNumber(db, filter.mobileNumber);
    yield* deliveriesOf(db, findByRanges(db, numbers.ranges, eventSpan(span)), span);
    if (numbers.lastUnordered === 0) return;
    span = { from: span.from, before: Math.min(span.before, numbers.lastUnordered + mostApart) };
  }
  const indexed = yield* resting(byPartialIndex(db, filter, webhooks, span));
  if (indexed) return yield* indexed;
  if (webhooks !== null && webhooks.length <= fewWebhooks) {
    const terms = webhooks.map((webhook) => searchTerm('webhook', webhook));
    return yield* findByTerms(db, terms, span);
  }
  if (filter.accountId !== null) {
    const term = searchTerm('account', filter.accountId);
    return yield* deliveriesOf(db, findByTerm(db, term, eventSpan(span)), span);
  }
  yield* everyDelivery(db, span);
}

/** Work as a stretch of candidates that has none yet. */
function* resting<T>(work: Work<T>): Generator<null, T, void> {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    yield null;
  }
}

function searchTermOf(filter: DeliveryFilter): number | null {
  if (filter.messageId !== undefined) return searchTerm('message', filter.messageId);
  if (filter.transactionId !== undefined) return searchTerm('transaction', filter.transactionId);
  return null;
}

/**
 * Where a number, or the end of one, is found. Events of before terms of numbers were in the order of their ends have them
 * by the whole number: where a part is asked for, these are walked.
 */
export function byNumber(
  db: DatabaseSync,
  asked: string,
): {
  readonly ranges: readonly TermRange[];
  /** The last event that may match and is not found so; 0: there is none. */
  readonly lastUnordered: number;
} {
  const search = numberSearch(asked);
  const ranges = numberTermsOf(numberKeyOf(db)).ranges(search);
  const { dropped, unkeyed } = indexState(db);
  if (unkeyed <= dropped) return { ranges, lastUnordered: 0 };
  ranges.push(...unkeyedNumberRanges(search));
  const lastFormer = lastFormerEvent(db);
  if (lastFormer <= dropped) return { ranges, lastUnordered: 0 };
  if (looksPartial(search)) return { ranges, lastUnordered: lastFormer };
  return { ranges: [...ranges, ...formerNumberRanges(search)], lastUnordered: 0 };
}

/** The numbers of the events whose deliveries may lie in a span. */
function eventSpan(span: Span): Span {
  return { from: Math.max(0, span.from - mostApart), before: span.before };
}

/**
 * The deliveries of events that come newest first, newest first. Those of events that were moved here lie between each other's:
 * they wait until no event that is still to come can have a higher one.
 */
export function* deliveriesOf(db: DatabaseSync, events: Found, span: Span): Found {
  const numbering = prepare(db, `SELECT seq, deliveries, ${spacingColumn} FROM events WHERE seq = ?`);
  let held: number[] = [];
  let heldFrom = Number.MAX_SAFE_INTEGER;
  for (const event of events) {
    if (event === null) {
      yield null;
      continue;
    }
    const row = numbering.get(event) as unknown as Numbering | undefined;
    if (!row) continue;
    const own = numbersOf(row).filter((seq) => seq >= span.from && seq < span.before);
    if (row.spacing === 1) {
      yield* held.sort((a, b) => b - a);
      held = [];
      yield* own;
      continue;
    }
    if (held.length === 0) heldFrom = event;
    held.push(...own);
    if (heldFrom - event < mostApart) continue;
    held.sort((a, b) => b - a);
    const certain = event + mostApart;
    yield* held.filter((seq) => seq >= certain);
    held = held.filter((seq) => seq < certain);
    heldFrom = event;
  }
  yield* held.sort((a, b) => b - a);
}

/** Newest first. */
function numbersOf({ seq, deliveries, spacing }: Numbering): number[] {
  return Array.from({ length: deliveries }, (_, place) => seq + spacing * (deliveries - place));
}

/** `null`: no partial index has what the filter asks for, or too much of it. */
function* byPartialIndex(
  db: DatabaseSync,
  filter: DeliveryFilter,
  webhooks: readonly string[] | null,
  span: Span,
): Work<Found | null> {
  const { state, statusCode, errorClass } = filter;
  const inIndex = (condition: string): Work<readonly string[]> => webhooksIn(db, condition, webhooks);

  function* endedBadly(ended: 'failed' | 'skipped'): Work<Found> {
    const ofClass = errorClass === undefined ? '' : ` AND error_class = ${errorClassCode(errorClass)}`;
    const condition = `state = ${stateCode(ended)} AND ${endedBadlyIndex}${ofClass}`;
    return pages(db, condition, yield* inIndex(endedBadlyIndex), span);
  }
  function* retrying(): Work<Found | null> {
    const condition = `state = ${stateCode('retrying')} AND ${waitingIndex}`;
    return yield* waiting(db, [condition], yield* inIndex(waitingIndex), span);
  }

  if (state === 'failed' || state === 'skipped') return yield* endedBadly(state);
  if (statusCode !== undefined && (statusCode < 200 || statusCode > 299)) {
    const condition = `status_code = ${Math.trunc(statusCode)} AND ${oddStatusIndex}`;
    return pages(db, condition, yield* inIndex(oddStatusIndex), span);
  }
  if (state === 'pending') {
    const conditions = [`state = ${stateCode('pending')} AND ${waitingIndex}`, inOrderIndex];
    const scope = new Set([...(yield* inIndex(waitingIndex)), ...(yield* inIndex(inOrderIndex))]);
    return yield* waiting(db, conditions, [...scope], span);
  }
  if (state === 'retrying') return yield* retrying();
  if (errorClass === undefined || state !== undefined) return null;
  // What was delivered and what was never tried has no error.
  const again = yield* retrying();
  return again && merge([again, yield* endedBadly('failed'), yield* endedBadly('skipped')]);
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
function* webhooksIn(
  db: DatabaseSync,
  condition: string,
  scope: readonly string[] | null,
): Work<readonly string[]> {
  if (scope !== null && scope.length <= fewWebhooks) return scope;
  const leap = prepare(
    db,
    `SELECT webhook FROM deliveries WHERE ${condition} AND webhook > ? ORDER BY webhook LIMIT 1`,
  );
  const allowed = scope && new Set(scope);
  const found: string[] = [];
  let leaps = 0;
  for (let row = leap.get(''); row; row = leap.get(String(row.webhook))) {
    const id = String(row.webhook);
    if (!allowed || allowed.has(id)) found.push(id);
    if (++leaps % webhooksTogether === 0) yield;
  }
  return found;
}

function* waiting(
  db: DatabaseSync,
  conditions: readonly string[],
  scope: readonly string[],
  span: Span,
): Work<Found | null> {
  const some = conditions.map((condition) =>
    prepare(db, `SELECT seq FROM deliveries WHERE webhook = ? AND ${condition} LIMIT ?`),
  );
  const found = new Set<number>();
  for (const [index, webhook] of scope.entries()) {
    for (const statement of some) {
      for (const { seq } of statement.all(webhook, fewWaiting + 1)) found.add(Number(seq));
    }
    if (found.size > fewWaiting) return null;
    if (index % webhooksTogether === 0) yield;
  }
  return given([...found].filter((seq) => seq >= span.from && seq < span.before).sort((a, b) => b - a));
}

function* given(numbers: readonly number[]): Found {
  yield* numbers;
}

/** Webhook by webhook, a chunk of each; what is certainly newer than any chunk's end is given out, and so on. */
function* pages(db: DatabaseSync, condition: string, scope: readonly string[], span: Span): Found {
  // Any chunk gives out at least its own length in all: of many webhooks a page's worth each is enough.
  const size = scope.length <= fewWebhooks ? chunk : smallChunk;
  const page = prepare(
    db,
    `SELECT seq FROM deliveries WHERE webhook = ? AND ${condition} AND seq >= ? AND seq < ? ORDER BY seq DESC LIMIT ${size}`,
  );
  let before = span.before;
  for (;;) {
    const found: number[] = [];
    let certain = span.from;
    for (const [index, webhook] of scope.entries()) {
      const rows = page.all(webhook, span.from, before);
      for (const { seq } of rows) found.push(Number(seq));
      if (rows.length === size) certain = Math.max(certain, Number(rows.at(-1)?.seq));
      if (index % webhooksTogether === 0) yield null;
    }
    yield* found.filter((seq) => seq >= certain).sort((a, b) => b - a);
    if (certain === span.from) return;
    before = certain;
  }
}

function* everyDelivery(db: DatabaseSync, span: Span): Found {
  const page = prepare(
    db,
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
function* merge(streams: readonly Found[]): Found {
  const heads: { readonly stream: Found; head: number }[] = [];
  for (const stream of streams) {
    const head = yield* nextOf(stream);
    if (head !== null) heads.push({ stream, head });
  }
  while (heads.length > 0) {
    const best = heads.reduce((a, b) => (b.head > a.head ? b : a));
    yield best.head;
    const head = yield* nextOf(best.stream);
    if (head === null) heads.splice(heads.indexOf(best), 1);
    else best.head = head;
  }
}

/** The next number of a stream, `null` at its end. */
function* nextOf(stream: Found): Generator<null, number | null, void> {
  for (;;) {
    const { done, value } = stream.next();
    if (done) return null;
    if (value !== null) return value;
    yield null;
  }
}
