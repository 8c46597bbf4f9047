import fc from 'fast-check';
import { expect, it } from 'vitest';
import { matchesNumber, numberSearch } from '../../core/number-search.ts';
import { normalNumber } from '../../shared/normal-number.ts';
import { anyNumber } from '../../testing/number-spellings.ts';
import { createNumberTerms } from './number-terms.ts';

const terms = createNumberTerms(new Uint8Array(32).fill(1));
const others = createNumberTerms(new Uint8Array(32).fill(2));
const nowhere = { from: 0, before: 0 };
const number = fc.oneof(
  anyNumber,
  fc.stringMatching(/^521?55123456[0-9]{2}$/),
  fc.stringMatching(/^[0-9]{1,15}$/),
  fc.constant('AD-HDFCBK'),
);

it('lies where every search that means the number looks', () => {
  const asked = number.chain((given) =>
    fc.tuple(fc.constant(given), fc.nat({ max: 15 }), fc.constantFrom('', '+', '0', '00')),
  );
  fc.assert(
    fc.property(asked, number, ([given, from, before], other) => {
      const search = numberSearch(before + given.slice(from));
      const ranges = terms.ranges(search);
      for (const kept of [normalNumber(given), normalNumber(other)]) {
        if (!matchesNumber(search, kept)) continue;
        const term = terms.of(kept);
        expect(ranges.some((range) => term >= range.from && term < range.before)).toBe(true);
      }
    }),
    { numRuns: 2_000 },
  );
});

it('is a safe whole number; numbers that end alike lie together, others do not', () => {
  const all = Array.from({ length: 10_000 }, (_, i) => terms.of(`9198123${String(i).padStart(4, '0')}`));
  expect(all.every(Number.isSafeInteger)).toBe(true);
  expect(new Set(all).size).toBe(all.length);
  const [{ from, before } = nowhere] = terms.ranges(numberSearch('5678'));
  expect(all.filter((term) => term >= from && term < before).length).toBeLessThan(4);
});

it('is another with another key, in all of its parts', () => {
  const [mine, theirs] = [terms.of('919812345678'), others.of('919812345678')];
  for (const part of [2 ** 33, 2 ** 17, 1]) {
    expect(Math.floor(mine / part) % 2 ** 16).not.toBe(Math.floor(theirs / part) % 2 ** 16);
  }
  expect(terms.of('AD-HDFCBK')).not.toBe(others.of('AD-HDFCBK'));
});

it('is of another range for 8 digits than for 4', () => {
  const [wide = nowhere] = terms.ranges(numberSearch('5678'));
  const [narrow = nowhere] = terms.ranges(numberSearch('12345678'));
  expect(narrow.from >= wide.from && narrow.before <= wide.before).toBe(true);
  expect(wide.before - wide.from).toBeGreaterThan(narrow.before - narrow.from);
});

it('does not change: it is on disk', () => {
  expect(terms.of('919812345678')).toMatchInlineSnapshot(`8506945255650714`);
  expect(terms.of('AD-HDFCBK')).toMatchInlineSnapshot(`2556953006087466`);
});
