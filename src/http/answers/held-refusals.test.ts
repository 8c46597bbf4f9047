import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../testing/manual-clock.ts';
import { createHeldRefusals } from './held-refusals.ts';

function stage() {
  const clock = createManualClock();
  const refusals = createHeldRefusals(clock);
  const heldOf = (count: number, ip: string) =>
    Array.from({ length: count }, () => refusals.hold('too_many_calls', ip)).filter((held) => held !== null);
  return { clock, refusals, heldOf };
}

describe('refusals of those who call too often', () => {
  it('come at once to who gets a few, and half a second later to who goes on', async () => {
    const { clock, heldOf } = stage();
    const held = heldOf(101, '192.0.2.1');
    expect(held).toHaveLength(1);
    let answered = false;
    void held[0]?.then(() => {
      answered = true;
    });
    clock.advance(499);
    await Promise.resolve();
    expect(answered).toBe(false);
    clock.advance(1);
    await held[0];
  });

  it('come at once again to who has slowed down, and to everybody else', () => {
    const { clock, heldOf } = stage();
    heldOf(200, '192.0.2.1');
    expect(heldOf(1, '192.0.2.2')).toEqual([]);
    expect(heldOf(1, '192.0.2.1')).toHaveLength(1);
    clock.advance(1_000);
    expect(heldOf(20, '192.0.2.1')).toEqual([]);
  });

  it('are held of one IPv6 network together', () => {
    const { heldOf } = stage();
    heldOf(100, '2001:db8::1');
    expect(heldOf(1, '2001:db8::2')).toHaveLength(1);
  });

  it('wait only when they say "too many", and 2,000 at once at most', () => {
    const { clock, refusals, heldOf } = stage();
    expect(heldOf(3_000, '192.0.2.1')).toHaveLength(2_000);
    expect(refusals.hold('invalid_input', '192.0.2.1')).toBeNull();
    clock.advance(500);
    expect(heldOf(100, '192.0.2.1').length).toBeGreaterThan(0);
  });
});
