import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Fifo } from './fifo.ts';

it('gives back what was put in, in order, as an array would', () => {
  const step = fc.oneof(
    fc.nat({ max: 3_000 }).map((push) => ({ push })),
    fc.nat({ max: 3_000 }).map((shift) => ({ shift })),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const fifo = new Fifo<number>();
      let pushed = 0;
      let shifted = 0;
      for (const action of steps) {
        if ('push' in action) for (let i = 0; i < action.push; i++) fifo.push(pushed++);
        else {
          for (let i = 0; i < action.shift; i++) {
            const expected = shifted < pushed ? shifted++ : undefined;
            if (fifo.shift() !== expected) throw new Error(`${expected} was due`);
          }
        }
        expect(fifo.length).toBe(pushed - shifted);
      }
      fifo.clear();
      expect([fifo.length, fifo.shift()]).toEqual([0, undefined]);
    }),
    { numRuns: 50 },
  );
});
