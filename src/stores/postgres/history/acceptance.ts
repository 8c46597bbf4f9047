import { sequenceAt } from '../../../core/ids.ts';
import type { Asking } from '../questions/questions.ts';
import type { Span } from './rows.ts';

/** As the index `events_ahead` has it: the number of these is later than their time by more than {@link aheadMs}. */
export const isAhead = 'seq / 4096 + 1735689600000 - accepted_at > 60000';
const aheadMs = 60_000;
/** Of so many such events at most it is looked where they are; of more all numbers are walked. */
const mostAhead = 10_000;
/** A number is taken a moment before or after the time is read that goes with it. */
const marginMs = 1_000;

/**
 * Numbers among which all events are that were accepted at or after one instant and before another (ms); where the clock was set back,
 * others are among them as well.
 */
export async function spanOfTime(asking: Asking, after = 0, until = Number.MAX_SAFE_INTEGER): Promise<Span> {
  const [from, to] = [wholeMs(Math.floor(after)), wholeMs(Math.ceil(until))];
  const lowest = numberAt(from - marginMs);
  if (to >= Number.MAX_SAFE_INTEGER) return { from: lowest, before: Number.MAX_SAFE_INTEGER };
  const usual = numberAt(to + aheadMs + marginMs);
  const [ahead] = await asking.read<{ n: number; last: number | null }>(
    `select count(*) as n, max(seq) as last from (
       select seq from events where ${isAhead} and accepted_at >= $1 and accepted_at < $2 and seq >= $3 limit ${mostAhead + 1}
     ) as ahead`,
    [from, to, lowest],
  );
  if (ahead && ahead.n > mostAhead) return { from: lowest, before: Number.MAX_SAFE_INTEGER };
  return { from: lowest, before: Math.max(usual, (ahead?.last ?? 0) + 1) };
}

function numberAt(ms: number): number {
  return Math.min(Number.MAX_SAFE_INTEGER, sequenceAt(ms));
}

function wholeMs(ms: number): number {
  return Math.max(0, Math.min(Number.MAX_SAFE_INTEGER, ms));
}
