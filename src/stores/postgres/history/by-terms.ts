import type { Asking } from '../questions/questions.ts';
import { lastDeliveryOf } from '../spacing.ts';
import { deliveriesByNumbers } from './by-numbers.ts';
import type { EventTerms, TermEvent } from './event-terms.ts';
import { mostApart } from './fan-out.ts';
import type { Span } from './rows.ts';
import type { Statement } from './statement.ts';
import { termSpans } from './term-spans.ts';
import { type Batch, mostTogether, type Walk, walk } from './walk.ts';

/** Numbers that are looked up for one span, and with one statement. */
const mostNumbers = 5_000;
const numbersTogether = 2 * mostTogether;

/** Which deliveries are sought by what their events say. */
export interface Sought {
  readonly terms: EventTerms;
  /** Whether an account's are wanted. */
  isWanted(account: string): boolean;
  /** What is to be seen in a row named `r`, SQL. */
  conditions(statement: Statement): string[];
}

/**
 * The deliveries of the events that have one of these terms, newest first. Where a term is so frequent that even a second has
 * too many events of it, that second is walked through.
 */
export async function* byTerms(
  asking: Asking,
  { terms, isWanted, conditions }: Sought,
  walked: Walk,
): AsyncGenerator<Batch> {
  const { span, now } = walked;
  for await (const part of termSpans(asking, terms, { span, now, apart: mostApart })) {
    if (!part.events) {
      yield* walk(asking, { ...walked, span: part });
      continue;
    }
    const events = part.events.filter(({ account }) => isWanted(account));
    yield* deliveriesOf(asking, events, part, conditions);
  }
}

/** Where in a span the events' deliveries may be: some of the highest numbers, and down to where they are all. */
interface Numbers {
  readonly numbers: readonly number[];
  readonly reached: number;
}

async function* deliveriesOf(
  asking: Asking,
  events: readonly TermEvent[],
  span: Span,
  conditions: (statement: Statement) => string[],
): AsyncGenerator<Batch> {
  let { before } = span;
  while (before > span.from) {
    const { numbers, reached } = highestNumbers(events, { from: span.from, before });
    for (let at = 0; at < numbers.length; at += numbersTogether) {
      const some = numbers.slice(at, at + numbersTogether);
      const rows = await deliveriesByNumbers(asking, some, conditions);
      yield { rows, examined: some.length, reached: some.at(-1) ?? reached };
    }
    yield { rows: [], examined: 0, reached };
    before = reached;
  }
}

/**
 * Processes take numbers beside each other, so deliveries of one event may lie among those of another: what is left out ends at
 * its highest number.
 */
export function highestNumbers(
  events: readonly TermEvent[],
  { from, before }: Span,
  most = mostNumbers,
): Numbers {
  const top = (event: TermEvent): number => {
    const last = lastDeliveryOf(event);
    const beyond = Math.ceil((last - (before - 1)) / event.spacing);
    return last - Math.max(0, beyond) * event.spacing;
  };
  const within = events.filter((event) => top(event) > event.seq && top(event) >= from);
  const numbers: number[] = [];
  let reached = from;
  for (const event of within.sort((a, b) => top(b) - top(a))) {
    if (numbers.length >= most) {
      reached = top(event) + 1;
      break;
    }
    for (let seq = top(event); seq > event.seq && seq >= from; seq -= event.spacing) numbers.push(seq);
  }
  return { numbers: numbers.filter((seq) => seq >= reached).sort((a, b) => b - a), reached };
}
