import { describe, expect, it } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { createLifecycle } from './lifecycle.ts';

function begin(shutdownTimeoutMs = 30_000) {
  const clock = createManualClock();
  const told: string[] = [];
  const log = { fatal: () => void told.push('fatal'), error: () => void told.push('left behind') };
  return { clock, told, life: createLifecycle({ clock, log, shutdownTimeoutMs }) };
}

const hanging: AsyncDisposable = { [Symbol.asyncDispose]: () => new Promise(() => {}) };
const quick: AsyncDisposable = { [Symbol.asyncDispose]: async () => {} };

describe('the life of a gateway', () => {
  it('goes from taking up to work to stopping, and never back', () => {
    const { life } = begin();
    const stages = [life.stage];
    for (const step of [life.takenUp, life.stop, life.takenUp]) {
      step();
      stages.push(life.stage);
    }
    expect(stages).toEqual(['takingUp', 'atWork', 'stopping', 'stopping']);
  });

  it('ends with the first death, which everybody hears of once, at whatever stage', async () => {
    for (const before of [[], ['takenUp'], ['takenUp', 'stop']] as const) {
      const { life, told } = begin();
      const first = new Error('the writer');
      const heard: Error[] = [];
      life.onDeath((error) => void heard.push(error));
      for (const step of before) life[step]();
      life.die(first);
      life.die(new Error('a courier that lost its writer'));
      life.takenUp();
      life.stop();
      expect(life.stage).toBe('dead');
      expect(await life.died).toBe(first);
      expect([heard, told]).toEqual([[first], ['fatal']]);
    }
  });

  it('closes its parts, and waits for those that hang no longer than the time to stop and 5 s', async () => {
    const well = begin();
    await well.life.close(quick);
    expect(well.told).toEqual([]);
    const { life, clock, told } = begin();
    const closed = life.close(hanging);
    clock.advance(34_999);
    await Promise.resolve();
    expect(told).toEqual([]);
    clock.advance(1);
    await closed;
    expect(told).toEqual(['left behind']);
  });

  it('waits for 3 s at most once a thread has died, also where it was closing already', async () => {
    const { life, clock, told } = begin();
    const closed = life.close(hanging);
    life.die(new Error('the desk'));
    clock.advance(3_000);
    await closed;
    expect(told).toEqual(['fatal', 'left behind']);
  });
});
