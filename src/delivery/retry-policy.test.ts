import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retrySchedule } from '../shared/retry-schedule.ts';
import { gaveUp, isTooLate, isWorthless, retryDelayMs } from './retry-policy.ts';

const middle = () => 0.5;

describe('the retry schedule', () => {
  it('is 5 s, 30 s, 2 min, 10 min, 30 min, 1 h, 2 h, 4 h, 8 h, 8 h', () => {
    const delays = retrySchedule.map((_step, i) => retryDelayMs(i + 1, middle) / 1000);
    expect(delays).toEqual([5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 28_800]);
  });

  it('repeats its last step', () => {
    expect(retryDelayMs(11, middle)).toBe(28_800_000);
    expect(retryDelayMs(1000, middle)).toBe(28_800_000);
  });

  it('spreads each step over ±20 %', () => {
    expect(retryDelayMs(1, () => 0)).toBe(4000);
    expect(retryDelayMs(1, () => 1)).toBe(6000);
  });

  it('stays within ±20 % for any attempt and any random number', () => {
    fc.assert(
      fc.property(fc.integer({ min: -5, max: 100_000 }), fc.double({ noNaN: true }), (attempt, random) => {
        const step = retrySchedule[Math.min(Math.max(attempt, 1), retrySchedule.length) - 1] ?? Number.NaN;
        const delay = retryDelayMs(attempt, () => random);
        expect(delay).toBeGreaterThanOrEqual(step * 0.8);
        expect(delay).toBeLessThanOrEqual(step * 1.2);
        expect(Number.isInteger(delay)).toBe(true);
      }),
    );
  });
});

describe('giving up', () => {
  it('begins after the time, not at it, and never without one', () => {
    expect(isTooLate(1000, 5000, 6000)).toBe(false);
    expect(isTooLate(1000, 5000, 6001)).toBe(true);
    expect(isTooLate(null, 0, Number.MAX_SAFE_INTEGER)).toBe(false);
  });
});

describe('a delivery that waited', () => {
  const acceptedAt = 1_795_342_530_000;
  const retry = (giveUpAfterMs: number | null) => ({ retry: { maxAttempts: 11, giveUpAfterMs } });
  const waiting = { acceptedAt, manual: false };

  it('is worthless once the time of its webhook is over, not at it', () => {
    expect(isWorthless(retry(60_000), waiting, acceptedAt + 60_000)).toBe(false);
    expect(isWorthless(retry(60_000), waiting, acceptedAt + 60_001)).toBe(true);
  });

  it('is never worthless where its webhook names no time', () => {
    expect(isWorthless(retry(null), waiting, Number.MAX_SAFE_INTEGER)).toBe(false);
  });

  it('is not worthless when a clock that was set back says that it comes from the future', () => {
    expect(isWorthless(retry(60_000), waiting, acceptedAt - 3_600_000)).toBe(false);
  });

  it('is sent however old it is when a person asks for it', () => {
    const asked = { acceptedAt, manual: true };
    expect(isWorthless(retry(60_000), asked, acceptedAt + 86_400_000)).toBe(false);
  });

  it('is judged by the settings as they are now, in both directions', () => {
    const now = acceptedAt + 120_000;
    expect(isWorthless(retry(60_000), waiting, now)).toBe(true);
    expect(isWorthless(retry(180_000), waiting, now)).toBe(false);
  });

  it('ends as failed, with the reason that a retry too late has', () => {
    expect(gaveUp).toEqual({ state: 'failed', reason: 'gave_up_after' });
  });

  it('is never worthless at the moment that a retry was planned for', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.option(fc.nat()), (accepted, wait, giveUpAfterMs) => {
        const dueAt = accepted + wait;
        fc.pre(!isTooLate(giveUpAfterMs, accepted, dueAt));
        expect(isWorthless(retry(giveUpAfterMs), { acceptedAt: accepted, manual: false }, dueAt)).toBe(false);
      }),
    );
  });
});
