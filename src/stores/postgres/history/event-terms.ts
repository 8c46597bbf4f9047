import { numberSearch } from '../../../core/number-search.ts';
import type { EventFilter } from '../../ports/history.ts';
import { numberTermsOf, rangeOf, type TermRange } from '../../search/number-terms.ts';
import { searchTerm } from '../../search/terms.ts';
import type { Asking } from '../questions/questions.ts';
import { spacingOf } from '../spacing.ts';
import type { Span } from './rows.ts';

/** Where events are found by what they say: terms of a column of table `events`. */
export interface EventTerms {
  readonly column: 'message_key' | 'transaction_key' | 'number_key';
  readonly ranges: readonly TermRange[];
}

/** An event that has such a term, if it is not another one's that is the same. */
export interface TermEvent {
  readonly account: string;
  readonly seq: number;
  readonly deliveries: number;
  /** How far apart their numbers lie. */
  readonly spacing: number;
}

/** By the one that the fewest events share; `null`: none is asked for. */
export function termsOf(
  { messageId, transactionId, mobileNumber }: Omit<EventFilter, 'accountId'>,
  numberKey: Uint8Array,
): EventTerms | null {
  if (messageId !== undefined)
    return { column: 'message_key', ranges: [rangeOf(searchTerm('message', messageId))] };
  if (transactionId !== undefined) {
    return { column: 'transaction_key', ranges: [rangeOf(searchTerm('transaction', transactionId))] };
  }
  if (mobileNumber === undefined) return null;
  return { column: 'number_key', ranges: numberTermsOf(numberKey).ranges(numberSearch(mobileNumber)) };
}

/** The events of a span that have one of the terms, in no order; `null`: they are more than `most`. */
export async function eventsByTerms(
  asking: Asking,
  terms: EventTerms,
  span: Span,
  most: number,
): Promise<readonly TermEvent[] | null> {
  const found = await find(asking, terms, span, '', most + 1);
  return found.length > most ? null : eachOnce(found);
}

/** The newest of them, the newest first; `areAll`: there are no more. */
export async function newestByTerms(
  asking: Asking,
  terms: EventTerms,
  span: Span,
  most: number,
): Promise<{ readonly events: readonly TermEvent[]; readonly areAll: boolean }> {
  const found = await find(asking, terms, span, 'order by seq desc', most);
  return { events: eachOnce(found), areAll: found.length < most };
}

/** A number lies in several ranges where one of its writings ends as is asked for. */
function eachOnce(events: readonly TermEvent[]): readonly TermEvent[] {
  return [...new Map(events.map((event) => [event.seq, event])).values()];
}

function find(
  asking: Asking,
  { column, ranges }: EventTerms,
  { from, before }: Span,
  order: string,
  most: number,
): Promise<readonly TermEvent[]> {
  const isOne = (range: TermRange): boolean => range.before === range.from + 1;
  const wide = ranges.filter((range) => !isOne(range));
  const some = (condition: string): string =>
    `cross join lateral (select account, seq, deliveries, ${spacingOf()} as spacing from events
       where ${condition} and seq >= $4 and seq < $5 ${order} limit $6) as e`;
  return asking.read<TermEvent>(
    `select account, seq, deliveries, spacing from (
       select e.* from unnest($1::bigint[]) as one (term) ${some(`${column} = term`)}
       union all
       select e.* from unnest($2::bigint[], $3::bigint[]) as range (first, behind)
         ${some(`${column} >= first and ${column} < behind`)}
     ) as found ${order} limit $6`,
    [
      ranges.filter(isOne).map((range) => range.from),
      wide.map((range) => range.from),
      wide.map((range) => range.before),
      ...[from, before, most],
    ],
  );
}
