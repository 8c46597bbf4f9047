const start = 8;
/** Requests that were out together fail together; they count as one sign of trouble. */
const oneTroubleMs = 1_000;

/**
 * Requests that a lane may have under way at once, learnt from how its endpoint answers.
 *
 * Additive increase, multiplicative decrease, as in TCP: starts small, doubles with each round of good answers until
 * the first trouble, then grows by one a round; halves on trouble.
 */
export class ConcurrencyLimit {
  #max: number;
  #limit: number;
  #fastStart = true;
  #lastTroubleAt = Number.NEGATIVE_INFINITY;

  constructor(max: number) {
    this.#max = max;
    this.#limit = Math.min(start, max);
  }

  get current(): number {
    return Math.floor(this.#limit);
  }

  /** An answer came in time, while `underWay` requests (itself included) were out. */
  answered(underWay: number): void {
    if (underWay < Math.floor(this.#limit)) return;
    this.#limit = Math.min(this.#max, this.#limit + (this.#fastStart ? 1 : 1 / this.#limit));
  }

  /** The endpoint did not keep up: a timeout, a failed connection, 429 or 503. */
  struggled(now: number): void {
    const sinceMs = now - this.#lastTroubleAt;
    // Less than nothing: the clock was set back.
    if (sinceMs >= 0 && sinceMs < oneTroubleMs) return;
    this.#lastTroubleAt = now;
    this.#fastStart = false;
    this.#limit = Math.max(1, this.#limit / 2);
  }

  setMax(max: number): void {
    this.#max = max;
    this.#limit = Math.min(this.#limit, max);
  }
}
