import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, decodePairs, encodePairs, findInSorted, findInUnsorted, sortPairs } from './pairs.ts';

const term = fc.oneof(fc.maxSafeNat(), fc.nat({ max: 5 }));
const pairs = fc.array(fc.tuple(term, fc.maxSafeNat())).map((list) => list.flat());

describe('pairs', () => {
  it('come out of a blob as they went in, wherever the blob lies in memory', () => {
    fc.assert(
      fc.property(pairs, fc.nat({ max: 15 }), (given, offset) => {
        const blob = encodePairs(given);
        const elsewhere = new Uint8Array(offset + blob.length).subarray(offset);
        elsewhere.set(blob);
        expect(Array.from(decodePairs(elsewhere))).toEqual(given);
        expect(bytesOf(Float64Array.from(given))).toEqual(blob);
      }),
    );
  });

  it('are found by their term, sorted or not', () => {
    fc.assert(
      fc.property(pairs, term, (given, wanted) => {
        const expected = given.filter((_, i) => i % 2 === 1 && given[i - 1] === wanted);
        expect(findInUnsorted(Float64Array.from(given), wanted)).toEqual(expected);
        expect(findInSorted(sortPairs(given), wanted)).toEqual(expected.toSorted((a, b) => a - b));
      }),
    );
  });

  it('are sorted by term, then by number', () => {
    expect(Array.from(sortPairs([2, 9, 1, 5, 2, 3, 1, 4]))).toEqual([1, 4, 1, 5, 2, 3, 2, 9]);
  });
});
