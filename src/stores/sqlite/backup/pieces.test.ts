import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runsOf } from './pieces.ts';

const pageSize = 4096;

describe('runsOf', () => {
  it('covers exactly the pages that it is given, in order, neighbours together', () => {
    const pages = fc.uniqueArray(fc.integer({ min: 1, max: 2_000 }), { maxLength: 1_500 });
    fc.assert(
      fc.property(pages, (given) => {
        const runs = runsOf(given, pageSize);
        const covered = runs.flatMap(({ at, bytes }) =>
          Array.from({ length: bytes / pageSize }, (_, index) => at / pageSize + index + 1),
        );
        expect(covered).toEqual([...given].sort((a, b) => a - b));
        // Two runs that touch are one, unless it would be longer than a run may be.
        for (const [index, run] of runs.entries()) {
          const next = runs[index + 1];
          if (next?.at === run.at + run.bytes) expect(run.bytes).toBe(1024 * 1024);
        }
      }),
    );
  });
});
