import { expect, it } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { watchClock } from './clock-watch.ts';

it('a clock that is set back is noticed within a second, by how much, and one that goes on or forward is not', () => {
  const clock = createManualClock();
  const heard: number[] = [];
  const pass = (ms: number): void => clock.advance(ms);
  const end = watchClock({ clock, onSetBack: (byMs) => heard.push(byMs) });
  for (let i = 0; i < 5; i++) pass(1_000);
  clock.set(86_400_000);
  pass(1_000);
  expect(heard).toEqual([]);
  clock.set(-3_600_000);
  pass(1_000);
  pass(1_000);
  expect(heard).toEqual([3_600_000]);
  // What clocks do by themselves.
  clock.set(-900);
  pass(1_000);
  expect(heard).toHaveLength(1);
  end();
  clock.set(-86_400_000);
  pass(5_000);
  expect(heard).toHaveLength(1);
});
