import { describe, expect, it } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { createTrustedClock, type TrustedTime } from './trusted-clock.ts';

const hour = 3_600_000;
const day = 24 * hour;

function open(known: ((now: number) => TrustedTime) | null = null) {
  const clock = createManualClock();
  const startedAt = clock.now();
  return { clock, startedAt, trusted: createTrustedClock(clock, known?.(startedAt) ?? null) };
}

describe('a clock that is trusted', () => {
  it('goes with the clock while that goes on, also where nobody looks for long', () => {
    const { clock, trusted } = open();
    for (const ms of [1, hour, 40 * day]) {
      clock.skip(ms);
      expect(trusted.now()).toBe(clock.now());
    }
    clock.set(hour - 1_000);
    expect(trusted.now()).toBe(clock.now());
    expect(trusted.doubt).toBeNull();
  });

  it.each([day, 30 * day, 365 * day])(
    'does not go along where the clock is %i ms ahead for a minute',
    (byMs) => {
      const { clock, startedAt, trusted } = open();
      clock.set(byMs);
      expect(trusted.now()).toBe(startedAt);
      clock.skip(60_000);
      expect(trusted.now()).toBe(startedAt + 60_000);
      expect(trusted.doubt).toEqual({ aheadMs: byMs, forMs: 60_000 });
      clock.set(-byMs);
      expect(trusted.now()).toBe(clock.now());
      expect(trusted.doubt).toBeNull();
    },
  );

  it('believes the clock when it has stood for a day', () => {
    const { clock, startedAt, trusted } = open();
    clock.set(30 * day);
    trusted.now();
    clock.skip(day - 1);
    expect(trusted.now()).toBe(startedAt + day - 1);
    clock.skip(1);
    expect(trusted.now()).toBe(clock.now());
    expect(trusted.doubt).toBeNull();
  });

  it('goes back with a clock that is set back, and along when it is set right, but not beyond', () => {
    const { clock, trusted } = open();
    trusted.now();
    clock.set(-365 * day);
    expect(trusted.now()).toBe(clock.now());
    clock.skip(hour);
    clock.set(365 * day);
    expect(trusted.now()).toBe(clock.now());
    expect(trusted.doubt).toBeNull();
    clock.set(-365 * day);
    trusted.now();
    // What was set right by going back is what later jumps are measured by.
    clock.skip(day);
    trusted.now();
    clock.set(30 * day);
    expect(trusted.doubt).toMatchObject({ aheadMs: 30 * day });
  });

  it('is not taken in by a restart', () => {
    const before = open();
    before.clock.set(365 * day);
    before.trusted.now();
    before.clock.skip(10 * hour);
    const written = before.trusted.time;
    const clock = before.clock;
    const trusted = createTrustedClock(clock, written);
    expect(trusted.now()).toBe(before.startedAt + 10 * hour);
    expect(trusted.doubt).toEqual({ aheadMs: 365 * day, forMs: 10 * hour });
    clock.skip(14 * hour);
    expect(trusted.now()).toBe(clock.now());
  });

  it('does not tell a machine that stood still from a clock that is ahead; short stops are nothing', () => {
    const stood = open((now) => ({ at: now - 3 * day, doubt: null }));
    expect(stood.trusted.now()).toBe(stood.startedAt - 3 * day);
    expect(stood.trusted.doubt).toEqual({ aheadMs: 3 * day, forMs: 0 });
    const restarted = open((now) => ({ at: now - hour, doubt: null }));
    expect(restarted.trusted.now()).toBe(restarted.startedAt);
    // The store is of a clock that was ahead.
    const later = open((now) => ({ at: now + 365 * day, doubt: null }));
    expect(later.trusted.now()).toBe(later.startedAt);
  });

  it('believes a machine that is switched off each night, some days behind, and doubts a year ahead anew', () => {
    const { clock, trusted: first } = open();
    let trusted = first;
    let latest = 0;
    for (let night = 0; night < 20; night++) {
      clock.skip(8 * hour);
      latest = Math.max(latest, clock.now() - trusted.now());
      const { time } = trusted;
      clock.set(16 * hour);
      trusted = createTrustedClock(clock, time);
    }
    expect(latest).toBeLessThan(4 * day);
    const { forMs } = trusted.doubt ?? { forMs: Number.NaN };
    expect(forMs).toBeGreaterThan(0);
    clock.set(365 * day);
    expect(trusted.doubt).toMatchObject({ forMs: 0 });
  });
});
