import { type DeliveryState, deliveryStates } from '../../../core/delivery.ts';
import type { EventHead } from '../../../core/event.ts';
import { numberHash } from '../../../core/number-hash.ts';
import { createNumberMatcher } from '../../../history/number-matcher.ts';
import { viewedState } from '../../history/viewed-state.ts';
import type { EventFilter, FoundEvent } from '../../ports/history.ts';
import type { Asking } from '../questions/questions.ts';
import { deliveryNumbersOf } from '../spacing.ts';
import { type EventTerms, newestByTerms, type TermEvent, termsOf } from './event-terms.ts';
import { type ListedEvent, readEventHeads } from './events.ts';
import type { ListContext, PageAnswer, PageQuestion } from './list-deliveries.ts';
import { createPageBounds } from './page-bounds.ts';
import type { Span } from './rows.ts';
import { termSpans } from './term-spans.ts';

/** Events that are read together, each brings 16 KB with it at most; and deliveries whose states are counted together. */
const together = 100;
const deliveriesTogether = 10_000;
/** Of a second in which a term has too many events so many are read at once. */
const mostOfASecond = 1_000;

/** One page of the events that have these ids, newest first, by the term of the id that the fewest events share. */
export async function findEvents(
  asking: Asking,
  { numberKey, now }: ListContext,
  { filter, limit, behind }: PageQuestion<EventFilter>,
): Promise<PageAnswer<FoundEvent>> {
  const terms = termsOf(filter, numberKey);
  const isWanted = ({ account }: TermEvent): boolean =>
    filter.accountId === null || account === filter.accountId;
  const hasIds = createIdMatcher(filter, numberKey);
  const bounds = createPageBounds(asking);
  const data: FoundEvent[] = [];
  let place = behind ?? Number.MAX_SAFE_INTEGER;
  if (!terms) return { data, next: null };
  const span = { from: 0, before: place };
  for await (const { events, reached } of newestFirst(asking, terms, span, now)) {
    const found = events.filter(isWanted);
    bounds.examined(events.length, 0);
    for (const some of groups(found, Math.min(together, limit + 1))) {
      const heads = await readEventHeads(asking, some);
      const matching = [...heads.values()].filter(({ head }) => hasIds(head));
      const states = await countStates(asking, matching);
      for (const seq of some) {
        if (data.length === limit || bounds.full) return { data, next: place };
        place = seq;
        const event = heads.get(seq);
        if (!event) continue;
        bounds.examined(0, event.bytes);
        const deliveries = states.get(seq);
        if (!deliveries) continue;
        const shown = { event: event.head, acceptedAt: event.accepted_at, deliveries };
        data.push(shown);
        // Its deliveries are looked at too, some 10 µs each.
        bounds.added(JSON.stringify(shown).length + event.deliveries * 10);
      }
    }
    place = reached;
    if (bounds.full) return { data, next: place };
  }
  return { data, next: null };
}

/** The events with these terms in stretches, the newest first, and down to which number they are all. */
async function* newestFirst(
  asking: Asking,
  terms: EventTerms,
  span: Span,
  now: number,
): AsyncGenerator<{ readonly events: readonly TermEvent[]; readonly reached: number }> {
  for await (const part of termSpans(asking, terms, { span, now, apart: 0 })) {
    if (part.events) {
      yield { events: part.events.toSorted((a, b) => b.seq - a.seq), reached: part.from };
      continue;
    }
    for (let { before } = part; before > part.from; ) {
      const { events, areAll } = await newestByTerms(
        asking,
        terms,
        { from: part.from, before },
        mostOfASecond,
      );
      before = areAll ? part.from : (events.at(-1)?.seq ?? part.from);
      yield { events, reached: before };
    }
  }
}

/** The numbers of some events after others: few at once where each went to very many webhooks. */
function groups(events: readonly TermEvent[], most: number): number[][] {
  const found: number[][] = [];
  let counted = Number.POSITIVE_INFINITY;
  for (const { seq, deliveries } of events) {
    const last = found.at(-1);
    if (last && last.length < most && counted + deliveries <= deliveriesTogether) {
      last.push(seq);
      counted += deliveries;
    } else {
      found.push([seq]);
      counted = deliveries;
    }
  }
  return found;
}

function createIdMatcher(
  { messageId, transactionId, mobileNumber }: EventFilter,
  numberKey: Uint8Array,
): (event: EventHead) => boolean {
  const hash = (number: string): string => numberHash(numberKey, number);
  const number = mobileNumber === undefined ? null : createNumberMatcher(mobileNumber, hash);
  return (event) =>
    (messageId === undefined || event.messageId === messageId) &&
    (transactionId === undefined || event.transactionId === transactionId) &&
    (number === null || number(event));
}

const noDeliveries = Object.fromEntries(deliveryStates.map((state) => [state, 0])) as Record<
  DeliveryState,
  number
>;

/** How many of the events' deliveries are in which state, by event. */
async function countStates(
  asking: Asking,
  events: readonly ListedEvent[],
): Promise<ReadonlyMap<number, FoundEvent['deliveries']>> {
  const counts = new Map(events.map(({ seq }) => [seq, { ...noDeliveries }]));
  const numbers = events.flatMap(deliveryNumbersOf);
  if (numbers.length === 0) return counts;
  const rows = await asking.read<{ event: number; state: number; attempts: number; n: number }>(
    `select event, state, least(attempts, 1) as attempts, count(*) as n from (
       select event, state, attempts from waiting where seq = any($1::bigint[])
       union all select event, state, attempts from deliveries where seq = any($1::bigint[])
     ) as theirs group by 1, 2, 3`,
    [numbers],
  );
  for (const { event, n, ...row } of rows) {
    const count = counts.get(event);
    if (count) count[viewedState(row)] += n;
  }
  return counts;
}
