import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { StatsHorizon } from '../stores/ports/stats.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { horizonAt } from '../watching/stats/range.ts';
import { tidyStats } from './tidy-stats.ts';

function open(toTidy = 0) {
  const clock = createManualClock();
  const tidied: StatsHorizon[] = [];
  const warnings: string[] = [];
  const state = { toTidy, refuse: false };
  const end = tidyStats({
    clock,
    trusted: clock,
    log: { warn: (_, message) => void warnings.push(message) },
    stats: {
      async tidy(before) {
        tidied.push(before);
        if (state.refuse) throw new Error('disk full');
        return state.toTidy > 0 ? state.toTidy-- : 0;
      },
    },
  });
  async function pass(ms: number): Promise<number> {
    await setImmediate();
    clock.advance(ms);
    await setImmediate();
    return tidied.length;
  }
  return { clock, tidied, warnings, state, end, pass };
}

describe('old statistics', () => {
  it('are tidied up soon after the start, on until there is nothing more, and every minute', async () => {
    const { tidied, clock, pass } = open(2);
    expect(await pass(4_999)).toBe(0);
    expect(await pass(1)).toBe(3);
    expect(tidied[0]).toEqual(horizonAt(clock.now()));
    expect(await pass(59_999)).toBe(3);
    expect(await pass(1)).toBe(4);
  });

  it('that are much too old are tidied up a piece at a time', async () => {
    const { pass } = open(25);
    expect(await pass(5_000)).toBe(10);
    expect(await pass(5_000)).toBe(20);
    expect(await pass(5_000)).toBe(26);
    expect(await pass(5_000)).toBe(26);
  });

  it('that cannot be tidied up wait for the next minute', async () => {
    const { state, warnings, pass } = open();
    state.refuse = true;
    expect(await pass(5_000)).toBe(1);
    expect(warnings).toHaveLength(1);
    expect(await pass(60_000)).toBe(2);
  });

  it('are left as they are when the gateway stops', async () => {
    const { clock, end, pass } = open(100);
    await pass(5_000);
    await end();
    expect([await pass(60_000), clock.waiting]).toEqual([10, 0]);
  });
});
