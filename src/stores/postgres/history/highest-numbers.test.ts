import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nodeStride } from '../../../core/node-sequence.ts';
import { deliveryNumbersOf } from '../spacing.ts';
import { highestNumbers } from './by-terms.ts';

const some = (maxLength: number) =>
  fc.array(fc.record({ node: fc.nat(3), deliveries: fc.nat(40), pause: fc.nat(3) }), { maxLength });

/**
 * Events that were moved here, of which one's deliveries follow each other, and then those of a few processes at the same time:
 * their deliveries' numbers lie between each other.
 */
const events = fc.tuple(some(8), some(20)).map(([moved, own]) => {
  let free = 0;
  const dense = moved.map(({ deliveries, pause }) => {
    const seq = free + pause;
    free = seq + deliveries + 1;
    return { seq, deliveries, spacing: 1, account: 'acc_1' };
  });
  const next = [0, 1, 2, 3].map((node) => node + nodeStride * Math.ceil(free / nodeStride));
  const apart = own.map(({ node, deliveries, pause }) => {
    const seq = (next[node] ?? 0) + nodeStride * pause;
    next[node] = seq + nodeStride * (deliveries + 1);
    return { seq, deliveries, spacing: nodeStride, account: 'acc_1' };
  });
  return [...dense, ...apart];
});
const bound = fc.integer({ min: 0, max: 6_000 });

it('are in stretches that go on with each other all numbers of the deliveries in a span, falling', () => {
  fc.assert(
    fc.property(events, bound, bound, fc.integer({ min: 1, max: 60 }), (some, one, other, most) => {
      const [from, before] = [Math.min(one, other), Math.max(one, other)];
      const found: number[] = [];
      for (let top = before; top > from; ) {
        const { numbers, reached } = highestNumbers(some, { from, before: top }, most);
        expect(reached).toBeLessThan(top);
        expect(numbers.every((number) => number >= reached && number < top)).toBe(true);
        found.push(...numbers);
        top = reached;
      }
      const all = some.flatMap(deliveryNumbersOf);
      const within = all.filter((number) => number >= from && number < before);
      expect(found).toEqual(within.sort((a, b) => b - a));
    }),
  );
});
