/** How many requests may start in a time. */
export interface RateLimit {
  /** Takes one, if there is one. */
  take(now: number): boolean;
  /** When the next one can be taken (ms since the Unix epoch). */
  readyAt(now: number): number;
}

export const unlimited: RateLimit = { take: () => true, readyAt: (now) => now };

/**
 * A token bucket that holds what accrues in 20 ms (at least one token): requests are spaced evenly, and no second has
 * more than `perSecond` plus that. Timers fire a millisecond or two late; the bucket makes up for it.
 */
export function createRateLimit(perSecond: number | null): RateLimit {
  if (perSecond === null) return unlimited;
  const perMs = perSecond / 1000;
  const capacity = Math.max(1, perMs * 20);
  let tokens = capacity;
  let at = Number.NEGATIVE_INFINITY;

  function refill(now: number): void {
    if (now > at)
      tokens = Math.min(capacity, at === Number.NEGATIVE_INFINITY ? capacity : tokens + (now - at) * perMs);
    // A clock that was set back begins anew there.
    at = now;
  }

  return {
    take(now) {
      refill(now);
      // The sum of many small refills may miss a whole token by a rounding error.
      if (tokens < 1 - 1e-9) return false;
      tokens -= 1;
      return true;
    },
    readyAt(now) {
      refill(now);
      return tokens >= 1 ? now : now + Math.ceil((1 - tokens) / perMs);
    },
  };
}
