import { sequenceAt } from '../../../core/ids.ts';
import type { Asking } from '../questions/questions.ts';
import { type EventTerms, eventsByTerms, type TermEvent } from './event-terms.ts';
import { oldestNumber } from './oldest.ts';
import type { Span } from './rows.ts';
import { dayOfNumbers, longestSpan } from './spans.ts';

/** A span, and the events in it; `null`: they are more than can be looked at at once. */
export interface TermSpan extends Span {
  readonly events: readonly TermEvent[] | null;
}

/** Events that are looked up at once, some 10 µs each. */
const mostEvents = 5_000;
/** A second of numbers: where more are found in one, the others of that second are no more than a few times as many. */
const shortestSpan = sequenceAt(Date.UTC(2026, 0, 1) + 1_000) - sequenceAt(Date.UTC(2026, 0, 1));

/**
 * The spans of time that events with these terms are sought in, the newest first: a day, then twice as much and so on, and a
 * quarter of it where too many are found.
 *
 * @param apart so far below a span its events are sought too
 */
export async function* termSpans(
  asking: Asking,
  terms: EventTerms,
  { span, now, apart }: { readonly span: Span; readonly now: number; readonly apart: number },
): AsyncGenerator<TermSpan> {
  let { from: lowest, before } = span;
  let size = dayOfNumbers;
  let isFirst = true;
  while (before > lowest) {
    // Of the first span the end is open: the clock may have been ahead of what it says now.
    const from = Math.max(lowest, Math.min(before, sequenceAt(now)) - size);
    const events = await eventsByTerms(
      asking,
      terms,
      { from: Math.max(0, from - apart), before },
      mostEvents,
    );
    if (!events && size > shortestSpan) {
      size = Math.max(shortestSpan, Math.ceil(size / 4));
      continue;
    }
    yield { from, before, events };
    if (isFirst && from > lowest) lowest = Math.max(lowest, await oldestNumber(asking));
    isFirst = false;
    before = from;
    await asking.goOn();
    if (events && events.length < mostEvents / 4) size = Math.min(longestSpan, size * 2);
  }
}
