import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { createTokenBuckets } from './token-buckets.ts';

const ten = { perSecond: 10, burst: 10 };

describe('a token bucket', () => {
  it('gives a burst at once and not one more, then one whenever one is due', () => {
    const clock = createManualClock();
    const buckets = createTokenBuckets(clock);
    for (let i = 0; i < 10; i++) expect(buckets.take('a', 1, ten)).toBeNull();
    expect(buckets.take('a', 1, ten)).toBe(100);
    expect(buckets.wait('a', 3, ten)).toBe(300);
    clock.advance(99);
    expect(buckets.take('a', 1, ten)).toBe(1);
    clock.advance(1);
    expect(buckets.take('a', 1, ten)).toBeNull();
    expect(buckets.take('a', 1, ten)).toBe(100);
    expect(buckets.take('b', 1, ten)).toBeNull();
  });

  it('takes more than it holds when it is full, and is in debt until that has come back', () => {
    const clock = createManualClock();
    const buckets = createTokenBuckets(clock);
    expect(buckets.take('a', 100, ten)).toBeNull();
    expect(buckets.taken('a', ten)).toBe(100);
    expect(buckets.take('a', 1, ten)).toBe(9_100);
    clock.advance(9_100);
    expect(buckets.take('a', 100, ten)).toBe(900);
    expect(buckets.take('a', 1, ten)).toBeNull();
  });

  it('gets back what was taken for nothing, and never holds more than its burst', () => {
    const clock = createManualClock();
    const buckets = createTokenBuckets(clock);
    buckets.take('a', 4, ten);
    clock.advance(10_000);
    buckets.giveBack('a', 4);
    expect(buckets.take('a', 10, ten)).toBeNull();
    expect(buckets.take('a', 1, ten)).toBe(100);
  });

  it('gives nothing for a clock that was set back, and goes on from there', () => {
    const clock = createManualClock();
    const buckets = createTokenBuckets(clock);
    buckets.take('a', 10, ten);
    clock.advance(-3_600_000);
    expect(buckets.take('a', 1, ten)).toBe(100);
    clock.advance(100);
    expect(buckets.take('a', 1, ten)).toBeNull();
  });

  it('forgets whom it has not seen for longest when there are too many', () => {
    const buckets = createTokenBuckets(createManualClock(), 2);
    for (const key of ['a', 'b', 'a']) buckets.take(key, 5, ten);
    buckets.take('c', 5, ten);
    expect(buckets.taken('a', ten)).toBe(10);
    expect(buckets.taken('b', ten)).toBe(0);
  });

  it('gives no more than its burst and its rate over any time, whatever is asked', () => {
    const calls = fc.array(
      fc.record({ after: fc.integer({ min: 0, max: 400 }), tokens: fc.integer({ min: 1, max: 10 }) }),
    );
    fc.assert(
      fc.property(calls, (asked) => {
        const clock = createManualClock();
        const buckets = createTokenBuckets(clock);
        const startedAt = clock.now();
        let given = 0;
        for (const { after, tokens } of asked) {
          clock.advance(after);
          if (buckets.take('a', tokens, ten) === null) given += tokens;
          expect(given).toBeLessThanOrEqual(10 + ((clock.now() - startedAt) * 10) / 1000 + 1e-3);
        }
      }),
    );
  });
});
