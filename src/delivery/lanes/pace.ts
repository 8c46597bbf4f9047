const slowest = 1 / 60;
/** Faster than this it does not matter any more. */
const fastest = 10_000;
const decrease = 0.9;
const increase = 0.003;
const increasePerSecond = 0.02;
/** So much more than what was too much means that the endpoint takes more now. */
const recovered = 1.15;
const firstPauseMs = 250;
const longestPauseMs = 60_000;
/** From the third pause on a window of a second is over, so that the rate itself is too high. */
const pausesOfAWindow = 3;

/**
 * How many requests a second an endpoint takes, learnt from the answers that say "too many" (429, 503).
 *
 * ```text
 * not known ──▸ (too many) what it took in the last second ──▸ searching: a tenth more with each answer, twelve times a second at most
 *                              ▲                                       │ too many
 *     beyond what was too much │                                       ▼
 *                              └── steady: × 0.9, then 0.3 % more with each answer, 2 % a second at most
 * ```
 * Additive increase, multiplicative decrease, as in TCP. After "too many" nothing leaves for 250 ms, and twice as long each
 * time that the next answer says it too, up to a minute: a window of a second, of a minute and a bucket all end that way.
 * Instants are ms since the Unix epoch.
 */
export class Pace {
  #rate: number | null = null;
  /** The rate that was too much. */
  #ceiling = 0;
  #searching = true;
  #tokens = 0;
  #at = 0;
  /** The last two requests that were taken were so far apart. */
  #apartMs = Number.POSITIVE_INFINITY;
  #takenAt = Number.NEGATIVE_INFINITY;
  #grewAt = 0;
  #row = 0;
  #lowestOfRow = slowest;
  #learntAt = Number.NEGATIVE_INFINITY;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  readonly #took = new LastSecond();

  /** Requests a second; `null` while nothing was learnt. */
  get perSecond(): number | null {
    return this.#rate;
  }

  /** It looks for the rate, so that {@link Pace.perSecond} may be far from it. */
  get isSearching(): boolean {
    return this.#searching;
  }

  /** Takes one, if there is one. */
  take(now: number): boolean {
    if (this.readyAt(now) > now) return false;
    this.#tokens -= 1;
    this.#apartMs = now - this.#takenAt;
    this.#takenAt = now;
    return true;
  }

  /** When the next one can be taken. */
  readyAt(now: number): number {
    if (this.#rate === null) return now;
    this.#refill(now, this.#rate);
    // The sum of many small refills may miss a whole token by a rounding error.
    const token = this.#tokens >= 1 - 1e-9 ? now : now + Math.ceil(((1 - this.#tokens) * 1000) / this.#rate);
    return Math.max(token, this.#pausedUntil);
  }

  /** A request was answered, and not with "too many". */
  answered(now: number): void {
    this.#took.add(now);
    this.#row = 0;
    if (this.#rate !== null) this.#grow(now, this.#rate);
  }

  /** One that was begun at `startedAt` was answered with "too many". */
  tooMany(startedAt: number, now: number): void {
    // What left before the last lesson is the same lesson.
    if (startedAt <= this.#learntAt && now >= this.#learntAt) return;
    this.#lower(now);
    this.#learntAt = now;
    this.#grewAt = now;
    this.#tokens = 0;
    this.#at = now;
    this.#pausedUntil = now + Math.min(firstPauseMs * 2 ** this.#row, longestPauseMs);
    this.#row++;
  }

  /** Lets one go now: a person asked for it. */
  hurry(): void {
    this.#pausedUntil = Number.NEGATIVE_INFINITY;
    this.#tokens = Math.max(this.#tokens, 1);
  }

  /** Forgets what was learnt. */
  reset(): void {
    this.#rate = null;
    this.#row = 0;
    this.#searching = true;
    this.#pausedUntil = Number.NEGATIVE_INFINITY;
    this.#learntAt = Number.NEGATIVE_INFINITY;
  }

  #refill(now: number, rate: number): void {
    const capacity = Math.max(1, rate * 0.02);
    if (now > this.#at) this.#tokens = Math.min(capacity, this.#tokens + ((now - this.#at) * rate) / 1000);
    // A clock that was set back begins anew there.
    this.#at = now;
    if (this.#pausedUntil - now > longestPauseMs) this.#pausedUntil = now + longestPauseMs;
  }

  #set(rate: number): void {
    this.#rate = Math.max(slowest, rate);
  }

  #lower(now: number): void {
    const took = this.#took.count(now);
    const rate = this.#rate;
    if (rate === null) {
      this.#ceiling = Math.max(took, 1);
      this.#set(this.#ceiling);
      this.#searching = true;
    } else if (this.#row === 0) {
      this.#ceiling = rate;
      // Where it takes far less than before, what it took is nearer to the truth; a few a second say little.
      this.#set(rate < 5 ? rate * decrease : Math.min(rate * decrease, Math.max(took, rate / 2)));
      this.#searching = false;
    } else if (this.#row >= pausesOfAWindow) {
      this.#set(Math.max(rate / 2, this.#lowestOfRow));
      this.#searching = true;
    }
    if (this.#row === 0) this.#lowestOfRow = (this.#rate ?? 1) / 16;
  }

  #grow(now: number, rate: number): void {
    const sinceMs = Math.max(0, now - this.#grewAt);
    this.#grewAt = now;
    // What is not used up teaches nothing.
    if (this.#apartMs * rate > 2_000) return;
    const seconds = sinceMs / 1000;
    if (rate > this.#ceiling * recovered) this.#searching = true;
    const grown = this.#searching
      ? rate * (1 + Math.min(0.1, 2.5 * seconds))
      : rate + this.#ceiling * Math.min(increase, increasePerSecond * seconds);
    this.#set(grown);
    if (grown > fastest) this.reset();
  }
}

const slotMs = 100;
const slots = 10;

/** Counts what happened within the last second, in slots of 100 ms. */
class LastSecond {
  readonly #counts = new Array<number>(slots).fill(0);
  #slot = 0;

  add(now: number): void {
    this.#move(now);
    const place = this.#slot % slots;
    this.#counts[place] = (this.#counts[place] ?? 0) + 1;
  }

  count(now: number): number {
    this.#move(now);
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  #move(now: number): void {
    const next = Math.floor(now / slotMs);
    if (next === this.#slot) return;
    if (next - this.#slot >= slots || next < this.#slot) this.#counts.fill(0);
    else for (let i = this.#slot + 1; i <= next; i++) this.#counts[i % slots] = 0;
    this.#slot = next;
  }
}
