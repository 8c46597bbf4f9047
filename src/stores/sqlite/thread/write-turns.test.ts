import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { createTurnsMemory, createWriteTurns } from './write-turns.ts';

it('threads write one at a time, and one who waits is next', async () => {
  const turns = createTurnsMemory();
  const numbers = new Int32Array(new SharedArrayBuffer(12));
  const [value, taken, stop] = [0, 1, 2];
  const worker = new Worker(new URL('../testing/take-turns.ts', import.meta.url), {
    workerData: { turns, numbers },
  });
  await once(worker, 'message');
  const { run } = createWriteTurns(turns);
  const between: number[] = [];
  for (let i = 0; i < 100; i++) {
    const before = Atomics.load(numbers, taken);
    run(() => {
      between.push(Atomics.load(numbers, taken) - before);
      // What the other thread writes meanwhile would be lost.
      const read = Atomics.load(numbers, value);
      Atomics.wait(numbers, stop, 0, 1);
      Atomics.store(numbers, value, read + 1);
    });
  }
  Atomics.store(numbers, stop, 1);
  await once(worker, 'exit');
  expect(Atomics.load(numbers, value)).toBe(Atomics.load(numbers, taken) + 100);
  // The turn under way, and one that began before this thread drew its number; more, where it was interrupted just before it did.
  expect(between.filter((turns) => turns > 2).length).toBeLessThan(20);
});

it('a turn ends also when its write fails', () => {
  const turns = createWriteTurns(createTurnsMemory());
  const failing = (): void => {
    throw new Error('disk full');
  };
  expect(() => turns.run(failing)).toThrow('disk full');
  expect(turns.run(() => 'next')).toBe('next');
});
