/** How fast a bucket fills, and how much it holds. */
export interface BucketSize {
  readonly perSecond: number;
  readonly burst: number;
}

/** A token bucket for each key: an account, an API key, an address. All begin full. */
export interface TokenBuckets {
  /**
   * Takes tokens, all or none. More than a bucket holds are taken when it is full, and leave it in debt, so that what is
   * too large for the burst is possible too and the average holds.
   * @returns `null`, or how many ms it takes until there are enough
   */
  take(key: string, tokens: number, size: BucketSize): number | null;
  /** As {@link TokenBuckets.take} would answer, without taking any. */
  wait(key: string, tokens: number, size: BucketSize): number | null;
  /** Puts back what was taken for nothing. */
  giveBack(key: string, tokens: number): void;
  /** Tokens that are taken and have not come back yet. */
  taken(key: string, size: BucketSize): number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** Sums of many small refills miss a whole token by a rounding error. */
const slack = 1e-6;

/**
 * @param mostKeys beyond it keys are forgotten, those first that were used longest ago: 100 bytes each, and whoever is
 * forgotten begins with a full bucket
 */
export function createTokenBuckets(clock: { now(): number }, mostKeys = 100_000): TokenBuckets {
  /** In the order of use. */
  const buckets = new Map<string, Bucket>();

  function levelOf(key: string, { perSecond, burst }: BucketSize): number {
    const bucket = buckets.get(key);
    if (!bucket) return burst;
    const now = clock.now();
    // A clock that was set back gives nothing for that, and goes on from there.
    bucket.at = Math.min(bucket.at, now);
    return Math.min(burst, bucket.tokens + ((now - bucket.at) * perSecond) / 1000);
  }

  function missing(key: string, tokens: number, size: BucketSize): { level: number; waitMs: number | null } {
    const level = levelOf(key, size);
    const short = Math.min(tokens, size.burst) - level;
    return { level, waitMs: short <= slack ? null : Math.ceil(((short - slack) * 1000) / size.perSecond) };
  }

  return {
    take(key, tokens, size) {
      const { level, waitMs } = missing(key, tokens, size);
      if (waitMs !== null) return waitMs;
      buckets.delete(key);
      buckets.set(key, { tokens: level - tokens, at: clock.now() });
      if (buckets.size > mostKeys) {
        for (const oldest of buckets.keys()) {
          buckets.delete(oldest);
          break;
        }
      }
      return null;
    },
    wait: (key, tokens, size) => missing(key, tokens, size).waitMs,
    giveBack(key, tokens) {
      const bucket = buckets.get(key);
      if (bucket) bucket.tokens += tokens;
    },
    taken: (key, size) => Math.max(0, size.burst - levelOf(key, size)),
  };
}
