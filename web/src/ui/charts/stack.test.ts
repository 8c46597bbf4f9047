import { describe, expect, it } from 'vitest';
import { hasLonelyPoint, highest, stack } from './stack.ts';

describe('figures for a chart', () => {
  it('are put one upon the other', () => {
    expect(
      stack([
        [1, 2, null],
        [3, null, 5],
      ]),
    ).toEqual([
      [1, 2, 0],
      [4, 2, 5],
    ]);
  });

  it('leave room above the highest, and have an axis when there is nothing', () => {
    expect(highest([[1, 50], [null]])).toBeCloseTo(54);
    expect(highest([[0, null]])).toBe(1);
  });

  it('are drawn as points where no line would show them', () => {
    expect(hasLonelyPoint([null, 5, null])).toBe(true);
    expect(hasLonelyPoint([null, 5, 6])).toBe(false);
    expect(hasLonelyPoint([])).toBe(false);
  });
});
