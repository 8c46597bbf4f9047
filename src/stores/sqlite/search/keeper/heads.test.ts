import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createHeads } from './heads.ts';

type Pair = readonly [term: number, seq: number];

const byBoth = (a: Pair, b: Pair): number => a[0] - b[0] || a[1] - b[1];
const anyInput = fc
  .array(fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 20 })), { minLength: 1, maxLength: 12 })
  .map((pairs) => pairs.toSorted(byBoth));

it('gives the pairs of any number of inputs in their order, and says each time which is the first of the others', () => {
  fc.assert(
    fc.property(fc.array(anyInput, { maxLength: 21 }), (inputs) => {
      const left = inputs.map((pairs) => [...pairs]);
      const heads = createHeads(
        Float64Array.from(inputs, ([pair]) => pair?.[0] ?? 0),
        Float64Array.from(inputs, ([pair]) => pair?.[1] ?? 0),
      );
      const given: Pair[] = [];
      for (let first = heads.first(); first >= 0; first = heads.first()) {
        const others = left.flatMap((pairs, i) => (i === first || !pairs[0] ? [] : [pairs[0]]));
        heads.findSecond();
        const [term, seq] = others.toSorted(byBoth)[0] ?? [Number.POSITIVE_INFINITY, 0];
        expect(heads.second).toEqual({ term, seq });
        const pair = left[first]?.shift();
        if (pair) given.push(pair);
        const next = left[first]?.[0];
        if (next) heads.next(...next);
        else heads.end();
      }
      expect(given).toEqual(inputs.flat().toSorted(byBoth));
    }),
  );
});
