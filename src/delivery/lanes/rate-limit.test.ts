import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRateLimit } from './rate-limit.ts';

const perSecond = fc.oneof(
  fc.double({ min: 0.05, max: 5_000, noNaN: true }),
  fc.integer({ min: 1, max: 500 }),
);
const startAt = Date.UTC(2026, 10, 22);
const bucket = (rate: number): number => Math.max(1, rate / 50);

/** The most that any second (both ends in it) has of these rising instants. */
function mostInASecond(times: readonly number[]): number {
  let most = 0;
  let from = 0;
  times.forEach((time, i) => {
    while (time - (times[from] ?? 0) > 1_000) from++;
    most = Math.max(most, i - from + 1);
  });
  return most;
}

describe('the rate limit', () => {
  it('lets no second have more than the rate and the bucket', () => {
    const pauses = fc.array(fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 400 })), { maxLength: 100 });
    fc.assert(
      fc.property(perSecond, pauses, (rate, steps) => {
        const limit = createRateLimit(rate);
        const taken: number[] = [];
        let now = startAt;
        for (const stepMs of steps) {
          now += stepMs;
          while (limit.take(now)) taken.push(now);
        }
        expect(mostInASecond(taken)).toBeLessThanOrEqual(rate + bucket(rate) + 1e-6);
      }),
    );
  });

  it('never starves: there is one at the time that it says, and that is never later than the rate asks', () => {
    fc.assert(
      fc.property(perSecond, fc.array(fc.nat({ max: 50 }), { maxLength: 50 }), (rate, late) => {
        const limit = createRateLimit(rate);
        let now = startAt;
        for (const lateMs of late) {
          const at = limit.readyAt(now);
          expect(at - now).toBeLessThanOrEqual(Math.ceil(1_000 / rate));
          now = at;
          expect(limit.take(now)).toBe(true);
          now += lateMs;
        }
      }),
    );
  });

  it('keeps the rate over a long time', () => {
    const limit = createRateLimit(200);
    let now = startAt;
    for (let taken = 0; taken < 2_000; taken++) {
      now = limit.readyAt(now);
      limit.take(now);
    }
    expect(now - startAt).toBeGreaterThan(9_900);
    expect(now - startAt).toBeLessThanOrEqual(10_000);
  });

  it('goes on at its rate when the clock is set back', () => {
    const limit = createRateLimit(10);
    const earlier = startAt - 3_600_000;
    expect(limit.take(startAt)).toBe(true);
    expect(limit.take(earlier)).toBe(false);
    expect(limit.readyAt(earlier)).toBe(earlier + 100);
    expect(limit.take(earlier + 99)).toBe(false);
    expect(limit.take(earlier + 100)).toBe(true);
  });

  it('is no limit where there is none', () => {
    const limit = createRateLimit(null);
    for (let i = 0; i < 1_000; i++) expect(limit.take(startAt)).toBe(true);
    expect(limit.readyAt(startAt)).toBe(startAt);
  });
});

describe('the instant that the next one is ready', () => {
  it('is kept, however often it is looked at on the way', () => {
    for (let rate = 1; rate <= 500; rate++) {
      const limit = createRateLimit(rate);
      let now = startAt;
      while (limit.take(now));
      const ready = limit.readyAt(now);
      for (; now < ready; now++) limit.readyAt(now);
      expect(limit.take(ready), `${rate} a second`).toBe(true);
    }
  });
});
