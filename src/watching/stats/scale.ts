/** Six steps to the decade, from 1 ms to 28 h: a bucket ends at most 1.7 times as high as it begins. */
const steps = [1, 1.5, 2, 3, 5, 7];
const decades = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];

/**
 * The upper ends (ms, inclusive) of the buckets that durations are counted in. What is stored names positions in this
 * list, so it is never changed. Beyond the last end there is one more bucket.
 */
export const boundsMs: readonly number[] = [
  ...decades.flatMap((decade) => steps.map((step) => step * decade)),
  100_000_000,
];

/** The position of a duration (ms) on the scale. */
export function positionOf(durationMs: number): number {
  let low = 0;
  let high = boundsMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (durationMs <= (boundsMs[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** What a percentile may be off by: it lies in the same bucket as the true value. */
export function bucketAt(position: number): { readonly fromMs: number; readonly toMs: number } {
  const last = boundsMs.at(-1) ?? 0;
  return { fromMs: boundsMs[position - 1] ?? (position === 0 ? 0 : last), toMs: boundsMs[position] ?? last };
}
