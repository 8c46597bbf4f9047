import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { repeat } from './repeat.ts';

it('does it at once, and again after each rest, until it is ended', async () => {
  const clock = createManualClock();
  const began = clock.now();
  const done: number[] = [];
  const rests = [10, 500, 10];
  const end = repeat(clock, async () => {
    done.push(clock.now() - began);
    return rests.shift() ?? 1_000;
  });
  for (let i = 0; i < 60; i++) {
    await setImmediate();
    clock.advance(10);
  }
  expect(done).toEqual([0, 10, 510, 520]);
  await end();
  clock.advance(10_000);
  expect([done.length, clock.waiting]).toEqual([4, 0]);
});

it('has ended when what is under way has, which can see it', async () => {
  const clock = createManualClock();
  const gate = Promise.withResolvers<void>();
  const seen: boolean[] = [];
  const end = repeat(clock, async (hasEnded) => {
    seen.push(hasEnded());
    await gate.promise;
    seen.push(hasEnded());
    return 10;
  });
  const ended = end().then(() => seen.push(true));
  await setImmediate();
  expect(seen).toEqual([false]);
  gate.resolve();
  await ended;
  expect([seen, clock.waiting]).toEqual([[false, true, true], 0]);
});
