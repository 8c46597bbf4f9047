import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { createBell } from './bell.ts';

function openDormitory(...sleepers: readonly [name: string, ms: number][]) {
  const clock = createManualClock();
  const bell = createBell(clock);
  const awake: string[] = [];
  const sleep = (name: string, ms: number) => void bell.sleep(ms).then(() => awake.push(name));
  for (const [name, ms] of sleepers) sleep(name, ms);
  const seen = async () => {
    await setImmediate();
    return awake;
  };
  return { clock, bell, sleep, seen };
}

describe('sleep by a bell', () => {
  it('ends when its time is over, for each sleeper by itself', async () => {
    const { clock, seen } = openDormitory(['short', 10], ['long', 20]);
    clock.advance(9);
    expect(await seen()).toEqual([]);
    clock.advance(1);
    expect(await seen()).toEqual(['short']);
    clock.advance(10);
    expect(await seen()).toEqual(['short', 'long']);
  });

  it('ends for everybody when the bell rings, and may begin again', async () => {
    const { clock, bell, sleep, seen } = openDormitory(['a', 10], ['b', 20]);
    bell.ring();
    expect(await seen()).toEqual(['a', 'b']);
    expect([clock.waiting, bell.hasEnded]).toEqual([0, false]);
    sleep('c', 5);
    expect(await seen()).toHaveLength(2);
    clock.advance(5);
    expect(await seen()).toEqual(['a', 'b', 'c']);
  });

  it('is over for good when the bell ends', async () => {
    const { clock, bell, sleep, seen } = openDormitory(['a', 10]);
    bell.end();
    sleep('b', 10);
    expect(await seen()).toEqual(['a', 'b']);
    expect([clock.waiting, bell.hasEnded]).toEqual([0, true]);
  });
});
