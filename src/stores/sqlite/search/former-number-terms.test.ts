import fc from 'fast-check';
import { expect, it } from 'vitest';
import { matchesNumber, numberSearch } from '../../../core/number-search.ts';
import { normalNumber } from '../../../shared/normal-number.ts';
import { anyNumber } from '../../../testing/number-spellings.ts';
import { bucketOf, searchTerm } from '../../search/terms.ts';
import {
  unkeyedNumberRanges as numberRanges,
  unkeyedNumberTerm as numberTerm,
} from './former-number-terms.ts';

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
      const ranges = numberRanges(search);
      for (const kept of [normalNumber(given), normalNumber(other)]) {
        if (!matchesNumber(search, kept)) continue;
        const term = numberTerm(kept);
        expect(ranges.some((range) => term >= range.from && term < range.before)).toBe(true);
      }
      for (const range of ranges) expect(bucketOf(range.from)).toBe(bucketOf(range.before - 1));
    }),
    { numRuns: 2_000 },
  );
});

it('is a safe whole number; numbers that end alike lie together, others do not', () => {
  const terms = Array.from({ length: 10_000 }, (_, i) => numberTerm(`9198123${String(i).padStart(4, '0')}`));
  expect(terms.every(Number.isSafeInteger)).toBe(true);
  expect(new Set(terms).size).toBe(terms.length);
  expect(new Set(terms.map(bucketOf)).size).toBe(256);
  const [{ from, before } = nowhere] = numberRanges(numberSearch('5678'));
  expect(terms.filter((term) => term >= from && term < before)).toHaveLength(1);
});

it('is of another range for 8 digits than for 4', () => {
  const [wide = nowhere] = numberRanges(numberSearch('5678'));
  const [narrow = nowhere] = numberRanges(numberSearch('12345678'));
  expect(narrow.from >= wide.from && narrow.before <= wide.before).toBe(true);
  expect(wide.before - wide.from).toBeGreaterThan(narrow.before - narrow.from);
});

it('does not change: it is on disk', () => {
  expect(numberTerm('919812345678')).toMatchInlineSnapshot(`3268054221247434`);
  expect(numberTerm('AD-HDFCBK')).toBe(searchTerm('mobile', 'AD-HDFCBK'));
});
