import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { createSequence, parseSequenceId, randomId, sequenceAt, sequenceId, sequenceTime } from './ids.ts';

const sequence = fc.maxSafeNat();
const prefix = fc.constantFrom('evt' as const, 'dlv' as const);

describe('sequence ids', () => {
  it('give their number back', () => {
    fc.assert(
      fc.property(prefix, sequence, (kind, number) => {
        expect(parseSequenceId(kind, sequenceId(kind, number))).toBe(number);
      }),
    );
  });

  it('lie in the order of their numbers as text', () => {
    const near = fc
      .tuple(sequence, fc.nat({ max: 5_000 }))
      .map(([a, step]) => [a, Math.max(0, a - step)] as const);
    fc.assert(
      fc.property(fc.oneof(near, fc.tuple(sequence, sequence)), ([a, b]) => {
        const [one, other] = [sequenceId('dlv', a), sequenceId('dlv', b)];
        expect(Math.sign(Number(one > other) - Number(one < other))).toBe(Math.sign(a - b));
      }),
    );
  });

  it.each([0, 1, 31, 32, 2 ** 30 - 1, 2 ** 30, 2 ** 32, Number.MAX_SAFE_INTEGER])('hold %d', (number) => {
    const id = sequenceId('evt', number);
    expect(id).toMatch(/^evt_[0-9a-hjkmnp-tv-z]{11}$/);
    expect(parseSequenceId('evt', id)).toBe(number);
  });

  it.each([
    ['', 'nothing'],
    ['evt_0000000000', 'too short'],
    ['evt_000000000000', 'too long'],
    ['dlv_00000000001', 'another prefix'],
    ['evt-00000000001', 'another separator'],
    ['evt_0000000000U', 'a letter that is none'],
    ['evt_0000000000i', 'a letter that is left out'],
    ['evt_zzzzzzzzzzz', 'beyond what a number holds exactly'],
  ])('are not %o (%s)', (id) => {
    expect(parseSequenceId('evt', id)).toBeNull();
  });

  it('carry the millisecond in which they were made', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2094, 0, 1) }),
        fc.nat({ max: 4_095 }),
        (at, place) => {
          expect(sequenceTime(sequenceAt(at) + place)).toBe(at);
        },
      ),
    );
    expect(sequenceAt(0)).toBe(0);
  });
});

describe('a sequence', () => {
  it('rises strictly whatever the clock does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -1e7, max: 1e7 }), fc.integer({ min: 1, max: 10_000 }))),
        (takes) => {
          let now = Date.UTC(2026, 0, 1);
          const numbers = createSequence({ now: () => now }, 5);
          let lastTaken = 5;
          for (const [stepMs, count] of takes) {
            now += stepMs;
            const first = numbers.take(count);
            expect(first).toBeGreaterThan(lastTaken);
            lastTaken = first + count - 1;
          }
        },
      ),
    );
  });

  it('follows the clock, and goes on where it was when that was set back', () => {
    const clock = createManualClock();
    const first = createSequence(clock).take(3);
    expect(first).toBe(sequenceAt(clock.now()));
    const later = createSequence({ now: () => clock.now() - 3_600_000 }, first + 2);
    expect(later.take(1)).toBe(first + 3);
    expect(later.take(1)).toBe(first + 4);
  });
});

describe('random ids', () => {
  it('are a prefix and 16 characters that nobody mistakes, each time others', () => {
    const ids = Array.from({ length: 200 }, () => randomId('wh'));
    for (const id of ids) expect(id).toMatch(/^wh_[0-9a-hjkmnp-tv-z]{16}$/);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
