/** Requests that a lane may have under way at once, learnt from how its endpoint answers. */
export interface ConcurrencyLimit {
  readonly current: number;
  /** An answer came in time, while `underWay` requests (itself included) were out. */
  answered(underWay: number): void;
  /** The endpoint did not keep up: a timeout, a failed connection, 429 or 503. */
  struggled(now: number): void;
  setMax(max: number): void;
}

const start = 8;
/** Requests that were out together fail together; they count as one sign of trouble. */
const oneTroubleMs = 1_000;

/**
 * Additive increase, multiplicative decrease, as in TCP: starts small, doubles with each round of good answers until
 * the first trouble, then grows by one a round; halves on trouble.
 */
export function createConcurrencyLimit(initialMax: number): ConcurrencyLimit {
  let max = initialMax;
  let limit = Math.min(start, max);
  let fastStart = true;
  let lastTroubleAt = Number.NEGATIVE_INFINITY;

  return {
    get current() {
      return Math.floor(limit);
    },
    answered(underWay) {
      if (underWay < Math.floor(limit)) return;
      limit = Math.min(max, limit + (fastStart ? 1 : 1 / limit));
    },
    struggled(now) {
      const sinceMs = now - lastTroubleAt;
      // Less than nothing: the clock was set back.
      if (sinceMs >= 0 && sinceMs < oneTroubleMs) return;
      lastTroubleAt = now;
      fastStart = false;
      limit = Math.max(1, limit / 2);
    },
    setMax(next) {
      max = next;
      limit = Math.min(limit, max);
    },
  };
}
