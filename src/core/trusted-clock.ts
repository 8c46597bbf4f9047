import type { Clock } from './clock.ts';

/** The clock stands later than time has been seen to pass. */
export interface ClockDoubt {
  /** How much later, ms. */
  readonly aheadMs: number;
  /** For how long that has been so while this ran, ms. */
  readonly forMs: number;
}

/** What is written down of a trusted clock, so that it is known after a restart. */
export interface TrustedTime {
  /** How late it was, ms since the Unix epoch. */
  readonly at: number;
  readonly doubt: ClockDoubt | null;
}

/** The clock for what cannot be taken back: how late it surely is. */
export interface TrustedClock {
  /** As the clock says; while that is doubted, as time has passed since. Never later than the clock. */
  now(): number;
  /** Why it is not what the clock says; `null`: it is. */
  readonly doubt: ClockDoubt | null;
  /** To be written down. */
  readonly time: TrustedTime;
}

/** Less is what clocks and restarts do. */
export const littleMs = 3_600_000;
/** What stands for so long while this runs is believed: somebody would have noticed. */
export const believedAfterMs = 86_400_000;

/**
 * Follows a clock, but not at once where it jumps ahead, or is ahead of what was written down: from there time goes on as it
 * passes, until the clock is back or has stood for a day. A machine that stood still or slept looks the same; there it costs a day.
 *
 * ```text
 * clock     ──────┐ ahead by a month             ┌─────      ──────┐ ahead, and right   ┌────▸
 *                 └ (doubted) ─ ─ ─ ─ ┐ set back │                 └ (doubted) a day ───┘ believed
 * trusted   ──────────────────────────┴──────────┴─────      ──────────────────────────┘
 * ```
 * @param known what was written down; `null`: nothing is known, and the clock is believed
 */
export function createTrustedClock(
  clock: Pick<Clock, 'now' | 'elapsed'>,
  known: TrustedTime | null,
): TrustedClock {
  /** It is as late as this, and what has passed since. */
  let base = { at: known?.at ?? clock.now(), elapsed: clock.elapsed() };
  let doubt = known?.doubt
    ? { aheadMs: known.doubt.aheadMs, since: clock.elapsed() - known.doubt.forMs }
    : null;
  /** Since when the clock has been behind. */
  let behindSince: number | null = null;

  function look(): { readonly clockAt: number; readonly passedTo: number } {
    const clockAt = clock.now();
    const elapsed = clock.elapsed();
    const passedTo = base.at + Math.max(0, elapsed - base.elapsed);
    const aheadMs = clockAt - passedTo;
    if (aheadMs <= littleMs) doubt = null;
    // Much more than before is another jump.
    else if (!doubt || aheadMs > 2 * doubt.aheadMs + littleMs) doubt = { aheadMs, since: elapsed };
    else doubt = { ...doubt, aheadMs };
    behindSince = aheadMs < -littleMs ? (behindSince ?? elapsed) : null;
    const apartSince = doubt?.since ?? behindSince;
    const isBelieved = apartSince !== null && elapsed - apartSince >= believedAfterMs;
    if (isBelieved || (aheadMs >= 0 && !doubt)) {
      base = { at: clockAt, elapsed };
      doubt = behindSince = null;
      return { clockAt, passedTo: clockAt };
    }
    return { clockAt, passedTo };
  }

  function doubtNow(): ClockDoubt | null {
    return doubt && { aheadMs: Math.round(doubt.aheadMs), forMs: Math.round(clock.elapsed() - doubt.since) };
  }

  return {
    now() {
      const { clockAt, passedTo } = look();
      return Math.floor(Math.min(clockAt, passedTo));
    },
    get doubt() {
      look();
      return doubtNow();
    },
    get time() {
      const { passedTo } = look();
      return { at: Math.floor(passedTo), doubt: doubtNow() };
    },
  };
}
