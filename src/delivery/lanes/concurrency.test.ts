import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConcurrencyLimit } from './concurrency.ts';

describe('the concurrency limit', () => {
  it('starts small, but not above what is allowed', () => {
    expect(new ConcurrencyLimit(50).current).toBe(8);
    expect(new ConcurrencyLimit(3).current).toBe(3);
  });

  it('doubles with every round of good answers while it is used', () => {
    const limit = new ConcurrencyLimit(100);
    for (const after of [16, 32, 64, 100, 100]) {
      for (let answers = limit.current; answers > 0; answers--) limit.answered(limit.current);
      expect(limit.current).toBe(after);
    }
  });

  it('does not grow while it is not used', () => {
    const limit = new ConcurrencyLimit(100);
    for (let i = 0; i < 100; i++) limit.answered(7);
    expect(limit.current).toBe(8);
  });

  it('halves on trouble, once for what fails together, and then grows by one a round', () => {
    const limit = new ConcurrencyLimit(100);
    for (let i = 0; i < 8; i++) limit.struggled(5_000 + i * 100);
    expect(limit.current).toBe(4);
    limit.struggled(6_000);
    expect(limit.current).toBe(2);
    for (const after of [3, 4, 5]) {
      for (let answers = after; answers > 0; answers--) limit.answered(limit.current);
      expect(limit.current).toBe(after);
    }
  });

  it('halves on trouble after the clock was set back', () => {
    const limit = new ConcurrencyLimit(100);
    limit.struggled(5_000_000);
    limit.struggled(1_000_000);
    expect(limit.current).toBe(2);
  });

  it('follows a smaller maximum at once and may use a larger one', () => {
    const limit = new ConcurrencyLimit(100);
    limit.setMax(2);
    expect(limit.current).toBe(2);
    limit.setMax(4);
    for (let i = 0; i < 10; i++) limit.answered(limit.current);
    expect(limit.current).toBe(4);
  });

  it('is always at least one and at most what is allowed', () => {
    const step = fc.oneof(
      fc.nat({ max: 60 }).map((underWay) => ({ underWay })),
      fc.nat({ max: 3_000 }).map((passMs) => ({ passMs })),
      fc.integer({ min: 1, max: 60 }).map((max) => ({ max })),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.array(step), (first, steps) => {
        let max = first;
        let now = 0;
        const limit = new ConcurrencyLimit(max);
        for (const action of steps) {
          if ('underWay' in action) limit.answered(action.underWay);
          else if ('passMs' in action) {
            now += action.passMs;
            limit.struggled(now);
          } else {
            max = action.max;
            limit.setMax(max);
          }
          expect(limit.current).toBeGreaterThanOrEqual(1);
          expect(limit.current).toBeLessThanOrEqual(max);
        }
      }),
    );
  });
});
