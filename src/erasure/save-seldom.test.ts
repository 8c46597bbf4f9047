import { expect, it } from 'vitest';
import { saveSeldom } from './save-seldom.ts';

it('saves a place that was reached each five seconds, and the last one', async () => {
  let now = 5_000;
  const saved: number[] = [];
  const place = saveSeldom<number>(
    async (to) => void saved.push(to),
    () => now,
  );
  for (let i = 1; i <= 30; i++) {
    now += 500;
    await place.reached(i);
  }
  expect(saved).toEqual([10, 20, 30]);
  await place.end(31);
  now += 4_999;
  await place.reached(32);
  expect(saved).toEqual([10, 20, 30, 31]);
});

it('a place that could not be saved is saved with the next one that is reached', async () => {
  let now = 0;
  let isFull = true;
  const saved: number[] = [];
  const place = saveSeldom<number>(
    async (to) => {
      if (isFull) throw new Error('disk full');
      saved.push(to);
    },
    () => now,
  );
  now = 5_000;
  await expect(place.reached(1)).rejects.toThrow('disk full');
  isFull = false;
  await place.reached(2);
  expect(saved).toEqual([2]);
});
