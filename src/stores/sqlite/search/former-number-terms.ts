import { fewestDigits, type NumberSearch } from '../../../core/number-search.ts';
import { isNumber } from '../../../shared/normal-number.ts';
import { rangeOf, type TermRange } from '../../search/number-terms.ts';
import { searchTerm } from '../../search/terms.ts';

/** The term of a number as it was made before it took the number key: in the same parts as in `number-terms.ts`. */
export function unkeyedNumberTerm(number: string): number {
  if (!isNumber(number)) return searchTerm('mobile', number);
  return ofEnd(number) * endSize + ofMiddle(number) * middleSize + ofWhole(number);
}

/** Where such terms are of all numbers that a search may mean; each range is of one bucket (`former-index.ts`). */
export function unkeyedNumberRanges({ whole, others, end }: NumberSearch): TermRange[] {
  const wholes = [whole, ...others].map((number) => rangeOf(unkeyedNumberTerm(number)));
  if (end === null) return wholes;
  // `0001` is the end of a number, and another spelling of `1`.
  return [endRange(end), ...wholes.slice(whole.endsWith(end) ? 1 : 0)];
}

function endRange(end: string): TermRange {
  const from = ofEnd(end) * endSize;
  if (end.length < 2 * fewestDigits) return { from, before: from + endSize };
  const middle = from + ofMiddle(end) * middleSize;
  return { from: middle, before: middle + middleSize };
}

/** What numbers were kept under before that: their digits as they were written. */
export function formerNumberRanges({ whole, others }: NumberSearch): TermRange[] {
  const written = isNumber(whole) ? [whole, ...others].flatMap((each) => [each, `00${each}`]) : [whole];
  return written.map((number) => rangeOf(searchTerm('mobile', number)));
}

const endSize = 2 ** 33;
const middleSize = 2 ** 17;

function ofEnd(number: string): number {
  return mixed(number, number.length - fewestDigits, number.length) >>> 12;
}

function ofMiddle(number: string): number {
  return mixed(number, number.length - 2 * fewestDigits, number.length - fewestDigits) >>> 16;
}

function ofWhole(number: string): number {
  return searchTerm('mobile', number) % middleSize;
}

/** 32 well-mixed bits of some of a number's digits (the end of MurmurHash3): some 10 ns, where a hash of text takes 100. */
function mixed(number: string, from: number, to: number): number {
  // Those that are fewer have another value: 1 stands before them.
  let value = 1;
  for (let at = Math.max(0, from); at < to; at++) value = value * 10 + number.charCodeAt(at) - zero;
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return value ^ (value >>> 16);
}

const zero = 48;
