import { sequenceTime } from '../../core/ids.ts';

/** When an event was accepted, ms since the Unix epoch. @param acceptedAt where its number does not say so */
export function acceptedAt(event: number, acceptedAt: number | null): number {
  return acceptedAt ?? sequenceTime(event);
}

/** Numbers carry their time to the millisecond and run ahead a little under load; so much counts as the same. */
const sameMs = 1_000;

/**
 * Says of each commit when its events were accepted, `null` where their numbers say it well enough. Commits within a
 * second share a time, and with that a row.
 */
export function createAcceptanceClock(): (now: number, firstNumber: number) => number | null {
  let last: number | null = null;
  return (now, firstNumber) => {
    if (Math.abs(now - sequenceTime(firstNumber)) <= sameMs) return null;
    if (last === null || now < last || now - last >= sameMs) last = now;
    return last;
  };
}
