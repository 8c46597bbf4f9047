import { expect, it } from 'vitest';
import { courierOf } from './courier-of.ts';
import { randomId } from './ids.ts';

it('gives a webhook to the same courier each time', () => {
  const id = randomId('wh');
  expect(courierOf(id, 7)).toBe(courierOf(id, 7));
});

it('gives every webhook to one that there is, and each about its part', () => {
  const counts = [0, 0, 0];
  for (let i = 0; i < 3_000; i++) {
    const courier = courierOf(`wh_${i.toString(32).padStart(16, '0')}`, 3);
    counts[courier] = (counts[courier] ?? Number.NaN) + 1;
  }
  expect(Math.min(...counts)).toBeGreaterThan(850);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(3_000);
});

it('has only one to choose where there is only one', () => {
  expect(courierOf(randomId('wh'), 1)).toBe(0);
});
