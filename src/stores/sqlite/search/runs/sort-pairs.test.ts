import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sortedPairs } from './sort-pairs.ts';

it('sorts by term and then by number, and leaves out what is there twice, however many are of one term', () => {
  const term = fc.oneof(fc.maxSafeNat(), fc.nat({ max: 3 }), fc.constant(2 ** 50));
  const pair = fc.tuple(term, fc.nat({ max: 300 }));
  fc.assert(
    fc.property(fc.array(pair, { size: '+2', maxLength: 2_000 }), (pairs) => {
      const { terms, seqs } = sortedPairs({
        terms: Float64Array.from(pairs, ([each]) => each),
        seqs: Float64Array.from(pairs, ([, seq]) => seq),
      });
      const wanted = [...new Map(pairs.map((each) => [each.join(), each])).values()].sort(
        (a, b) => a[0] - b[0] || a[1] - b[1],
      );
      expect(Array.from(terms, (each, i) => [each, seqs[i]])).toEqual(wanted);
    }),
  );
});
