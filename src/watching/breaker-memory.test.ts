import { describe, expect, it } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { createBreakerMemory } from './breaker-memory.ts';

function open() {
  const clock = createManualClock();
  const saved: { opened: readonly object[]; closed: readonly string[] }[] = [];
  const state = { fails: false };
  const warnings: string[] = [];
  const memory = createBreakerMemory({
    clock,
    directory: {
      async saveBreakers(changes) {
        if (state.fails) throw new Error('disk full');
        saved.push(changes);
      },
    },
    log: { warn: (_, message) => void warnings.push(message) },
  });
  async function pass(ms: number): Promise<void> {
    clock.advance(ms);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { clock, saved, state, warnings, memory, pass };
}

const breaker = (webhookId: string, trips = 1) => ({ webhookId, until: 5_000, trips });

describe('which breakers are open', () => {
  it('is written down once a second, each as it was last', async () => {
    const { saved, memory, pass } = open();
    memory.breakerChanged('wh_1', breaker('wh_1'));
    memory.breakerChanged('wh_2', breaker('wh_2'));
    memory.breakerChanged('wh_2', null);
    memory.breakerChanged('wh_1', breaker('wh_1', 2));
    await pass(999);
    expect(saved).toEqual([]);
    await pass(1);
    expect(saved).toEqual([{ opened: [breaker('wh_1', 2)], closed: ['wh_2'] }]);
    await pass(60_000);
    expect(saved).toHaveLength(1);
  });

  it('is tried again while the store fails, without undoing what is newer', async () => {
    const { saved, state, warnings, memory, pass } = open();
    state.fails = true;
    memory.breakerChanged('wh_1', breaker('wh_1'));
    memory.breakerChanged('wh_2', breaker('wh_2'));
    await pass(1_000);
    expect(warnings).toHaveLength(1);
    memory.breakerChanged('wh_1', null);
    state.fails = false;
    await pass(1_000);
    expect(saved).toEqual([{ opened: [breaker('wh_2')], closed: ['wh_1'] }]);
  });

  it('is written down when the gateway stops, and nothing hangs where that fails', async () => {
    const { clock, saved, state, memory } = open();
    memory.breakerChanged('wh_1', breaker('wh_1'));
    await memory.close();
    expect(saved).toHaveLength(1);
    const failing = open();
    failing.state.fails = true;
    failing.memory.breakerChanged('wh_1', breaker('wh_1'));
    await failing.memory.close();
    expect([state.fails, clock.nextAt, failing.clock.nextAt]).toEqual([false, null, null]);
  });
});
