import { describe, expect, it } from 'vitest';
import { createGenerations } from './generations.ts';

/** Spread like hashes. */
const termOf = (n: number): number => (n * 2_654_435_761 * 1_048_573) % 2 ** 53;
const sizes = { fewest: 1_000, most: 4_000 };

function filled(count: number) {
  const generations = createGenerations(sizes);
  for (let n = 0; n < count; n++) generations.add(termOf(n), n + 1);
  return generations;
}

describe('the generations of identities', () => {
  it('say of each identity that was added where its number may lie', () => {
    const generations = filled(20_000);
    for (let n = 0; n < 20_000; n++) {
      const where = generations.find(termOf(n));
      expect(where.some(({ from, before }) => from <= n + 1 && n + 1 < before)).toBe(true);
    }
  });

  it('say of 99 of 100 others that they were not added, although most of their bits are the same', () => {
    const generations = createGenerations({ fewest: 20_000, most: 20_000 });
    // As the ids of one account: the lower bits are the same in all.
    for (let n = 0; n < 20_000; n++) generations.add(termOf(n) - (termOf(n) % 2 ** 16) + 77, n + 1);
    let taken = 0;
    for (let n = 20_000; n < 40_000; n++) {
      if (generations.find(termOf(n) - (termOf(n) % 2 ** 16) + 77).length > 0) taken++;
    }
    expect(taken).toBeLessThan(200);
  });

  it('become longer, up to a length, so that a few answer for many', () => {
    const before = filled(8_000).bytes;
    expect(before).toBeLessThan(2 * ((8_000 * 12) / 8));
    expect(filled(8_001).bytes - before).toBeLessThan(1.02 * ((4_000 * 12) / 8));
  });

  it('let the oldest go when its numbers are gone, or in any case, but not one that has some of the last so many', () => {
    const generations = filled(2_500);
    const bytes = generations.bytes;
    expect(generations.dropOldest(0, 1_000)).toBeNull();
    expect(generations.dropOldest(1_501, 1_001)).toBeNull();
    expect(generations.dropOldest(1_500, 1_001)).toBe(1_000);
    expect(generations.bytes).toBeLessThan(bytes);
    expect(generations.find(termOf(1_000))).not.toEqual([]);
    expect(generations.dropOldest(501, Number.MAX_SAFE_INTEGER)).toBeNull();
    expect(generations.dropOldest(500, Number.MAX_SAFE_INTEGER)).toBe(2_000);
    expect(generations.dropOldest(0, Number.MAX_SAFE_INTEGER)).toBeNull();
  });
});
