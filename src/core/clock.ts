/** A timer that was set on a {@link Clock}. */
export interface Timer {
  /** Stops the timer; a timer that has fired or was cancelled ignores this. */
  cancel(): void;
}

/**
 * The only source of time in the program, so that tests can own it.
 * Instants are milliseconds since the Unix epoch, UTC; durations end in `Ms`.
 */
export interface Clock {
  /** The current instant. */
  now(): number;
  /** A time that is never set, in ms since some moment; it stands while the machine sleeps, as timers do. */
  elapsed(): number;
  /** Calls `fire` once after `delayMs` (clamped to 0 … 2^31-1 ms). */
  setTimer(fire: () => void, delayMs: number): Timer;
}

const longestTimerMs = 2 ** 31 - 1;

/** The machine's own clock. */
export const systemClock: Clock = {
  now: Date.now,
  elapsed: () => performance.now(),
  setTimer(fire, delayMs) {
    const handle = setTimeout(fire, Math.min(Math.max(delayMs, 0), longestTimerMs));
    return { cancel: () => clearTimeout(handle) };
  },
};
