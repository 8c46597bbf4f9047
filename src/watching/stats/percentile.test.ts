import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Counts, increment } from './counts.ts';
import { percentile, percentilesOf } from './percentile.ts';
import { boundsMs, bucketAt, positionOf } from './scale.ts';

function countsOf(values: readonly number[]): Counts {
  const counts: Counts = [];
  for (const value of values) increment(counts, positionOf(value));
  return counts;
}

/** The nearest-rank percentile. */
function trueValue(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1] ?? 0;
}

const duration = fc.oneof(
  fc.integer({ min: 0, max: 1_000 }),
  fc.integer({ min: 0, max: 60_000 }),
  fc.integer({ min: 0, max: 100_000_000 }),
  fc.constantFrom(...boundsMs),
);

describe('the scale', () => {
  it('rises, and a bucket ends at most 1.7 times as high as it begins', () => {
    for (let position = 1; position < boundsMs.length; position++) {
      const { fromMs, toMs } = bucketAt(position);
      expect(toMs).toBeGreaterThan(fromMs);
      expect(toMs / fromMs).toBeLessThan(1.7);
    }
  });

  it('puts every duration into the bucket that holds it', () => {
    fc.assert(
      fc.property(duration, (value) => {
        const { fromMs, toMs } = bucketAt(positionOf(value));
        expect(value).toBeLessThanOrEqual(toMs);
        if (value > 0) expect(value).toBeGreaterThan(fromMs);
      }),
    );
  });

  it('counts what is beyond its end in one more bucket', () => {
    expect(positionOf(100_000_001)).toBe(boundsMs.length);
    expect(percentile(countsOf([1e12]), 0.5)).toBe(100_000_000);
  });
});

describe('a percentile', () => {
  it('is off by less than the width of the bucket that the true one lies in', () => {
    const q = fc.constantFrom(0.5, 0.9, 0.95, 0.99, 1);
    fc.assert(
      fc.property(fc.array(duration, { minLength: 1, maxLength: 200 }), q, (values, share) => {
        const exact = trueValue(values, share);
        const { fromMs, toMs } = bucketAt(positionOf(exact));
        const estimate = percentile(countsOf(values), share) ?? Number.NaN;
        expect(Math.abs(estimate - exact)).toBeLessThanOrEqual(toMs - fromMs);
        expect(estimate).toBeGreaterThanOrEqual(fromMs);
        expect(estimate).toBeLessThanOrEqual(toMs);
      }),
    );
  });

  it('of nothing is unknown', () => {
    expect(percentilesOf([])).toEqual({ p50: null, p95: null, p99: null });
  });

  it('never falls from one to the next', () => {
    fc.assert(
      fc.property(fc.array(duration, { minLength: 1 }), (values) => {
        const { p50, p95, p99 } = percentilesOf(countsOf(values));
        expect(p50 ?? 1).toBeLessThanOrEqual(p95 ?? 0);
        expect(p95 ?? 1).toBeLessThanOrEqual(p99 ?? 0);
      }),
    );
  });
});
