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
export interface Pace {
  /** Requests a second; `null` while nothing was learnt. */
  readonly perSecond: number | null;
  /** It looks for the rate, so that {@link Pace.perSecond} may be far from it. */
  readonly isSearching: boolean;
  /** Takes one, if there is one. */
  take(now: number): boolean;
  /** When the next one can be taken. */
  readyAt(now: number): number;
  /** A request was answered, and not with "too many". */
  answered(now: number): void;
  /** One that was begun at `startedAt` was answered with "too many". */
  tooMany(startedAt: number, now: number): void;
  /** Lets one go now: a person asked for it. */
  hurry(): void;
  /** Forgets what was learnt. */
  reset(): void;
}

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

export function createPace(): Pace {
  let rate: number | null = null;
  /** The rate that was too much. */
  let ceiling = 0;
  let searching = true;
  let tokens = 0;
  let at = 0;
  /** The last two requests that were taken were so far apart. */
  let apartMs = Number.POSITIVE_INFINITY;
  let takenAt = Number.NEGATIVE_INFINITY;
  let grewAt = 0;
  let row = 0;
  let lowestOfRow = slowest;
  let learntAt = Number.NEGATIVE_INFINITY;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  const taken = createLastSecond();

  function refill(now: number): void {
    if (rate === null) return;
    const capacity = Math.max(1, rate * 0.02);
    if (now > at) tokens = Math.min(capacity, tokens + ((now - at) * rate) / 1000);
    // A clock that was set back begins anew there.
    at = now;
    if (pausedUntil - now > longestPauseMs) pausedUntil = now + longestPauseMs;
  }

  function set(next: number): void {
    rate = Math.max(slowest, next);
  }

  function lower(now: number): void {
    const took = taken.count(now);
    if (rate === null) {
      ceiling = Math.max(took, 1);
      set(ceiling);
      searching = true;
    } else if (row === 0) {
      ceiling = rate;
      // Where it takes far less than before, what it took is nearer to the truth; a few a second say little.
      set(rate < 5 ? rate * decrease : Math.min(rate * decrease, Math.max(took, rate / 2)));
      searching = false;
    } else if (row >= pausesOfAWindow) {
      set(Math.max(rate / 2, lowestOfRow));
      searching = true;
    }
    if (row === 0) lowestOfRow = (rate ?? 1) / 16;
  }

  function grow(now: number): void {
    if (rate === null) return;
    const sinceMs = Math.max(0, now - grewAt);
    grewAt = now;
    // What is not used up teaches nothing.
    if (apartMs * rate > 2_000) return;
    const seconds = sinceMs / 1000;
    if (rate > ceiling * recovered) searching = true;
    set(
      searching
        ? rate * (1 + Math.min(0.1, 2.5 * seconds))
        : rate + ceiling * Math.min(increase, increasePerSecond * seconds),
    );
    if (rate > fastest) pace.reset();
  }

  const pace: Pace = {
    get perSecond() {
      return rate;
    },
    get isSearching() {
      return searching;
    },
    take(now) {
      if (pace.readyAt(now) > now) return false;
      tokens -= 1;
      apartMs = now - takenAt;
      takenAt = now;
      return true;
    },
    readyAt(now) {
      if (rate === null) return now;
      refill(now);
      // The sum of many small refills may miss a whole token by a rounding error.
      const token = tokens >= 1 - 1e-9 ? now : now + Math.ceil(((1 - tokens) * 1000) / rate);
      return Math.max(token, pausedUntil);
    },
    answered(now) {
      taken.add(now);
      row = 0;
      grow(now);
    },
    tooMany(startedAt, now) {
      // What left before the last lesson is the same lesson.
      if (startedAt <= learntAt && now >= learntAt) return;
      lower(now);
      learntAt = now;
      grewAt = now;
      tokens = 0;
      at = now;
      pausedUntil = now + Math.min(firstPauseMs * 2 ** row, longestPauseMs);
      row++;
    },
    hurry() {
      pausedUntil = Number.NEGATIVE_INFINITY;
      tokens = Math.max(tokens, 1);
    },
    reset() {
      rate = null;
      row = 0;
      searching = true;
      pausedUntil = Number.NEGATIVE_INFINITY;
      learntAt = Number.NEGATIVE_INFINITY;
    },
  };
  return pace;
}

const slotMs = 100;
const slots = 10;

/** Counts what happened within the last second, in slots of 100 ms. */
function createLastSecond() {
  const counts = new Uint32Array(slots);
  let slot = 0;

  function move(now: number): void {
    const next = Math.floor(now / slotMs);
    if (next - slot >= slots || next < slot) counts.fill(0);
    else for (let i = slot + 1; i <= next; i++) counts[i % slots] = 0;
    slot = next;
  }

  return {
    add(now: number): void {
      move(now);
      counts[slot % slots] = (counts[slot % slots] ?? 0) + 1;
    },
    count(now: number): number {
      move(now);
      return counts.reduce((sum, count) => sum + count, 0);
    },
  };
}
