import { expect, it } from 'vitest';
import { bringsTheLast } from './delivery-log.ts';

it.each([
  ['brought fewer than it might', [10, 10], 3, 100, true],
  ['brought nothing', [], 1, 100, true],
  ['brought as many as it might', [10, 10, 10], 3, 100, false],
  ['was cut short by their sizes', [60, 40], 3, 100, false],
  ['had room for the size of one more', [60, 39], 3, 100, true],
])('a load that %s: whether it was the last', (_, sizes, limit, mostCharacters, isLast) => {
  expect(bringsTheLast(sizes, limit, mostCharacters)).toBe(isLast);
});
