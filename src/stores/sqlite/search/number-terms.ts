import { fewestDigits, type NumberSearch } from '../../../core/number-search.ts';
import { isNumber } from '../../../shared/normal-number.ts';
import { searchTerm } from './terms.ts';

/** Terms: `from` ≤ term < `before`, all of one bucket. */
export interface TermRange {
  readonly from: number;
  readonly before: number;
}

/**
 * The term of a number begins with a hash of its last 4 digits and goes on with one of the 4 before them, so that numbers
 * that end alike lie beside each other and are found without a term of their own for each end:
 *
 * ```text
 * 20 bits: the last 4 digits │ 16 bits: the 4 before │ 17 bits: the whole number
 * ```
 * @param number in its normal form; what is no number has a term like any text
 */
export function numberTerm(number: string): number {
  if (!isNumber(number)) return searchTerm('mobile', number);
  return ofEnd(number) * endSize + ofMiddle(number) * middleSize + ofWhole(number);
}

/** Where the terms are of all numbers that a search may mean. */
export function numberRanges({ whole, end }: NumberSearch): TermRange[] {
  if (end === null) return [rangeOf(numberTerm(whole))];
  // `0001` is the end of a number, and another spelling of `1`.
  return whole.endsWith(end) ? [endRange(end)] : [endRange(end), rangeOf(numberTerm(whole))];
}

function endRange(end: string): TermRange {
  const from = ofEnd(end) * endSize;
  if (end.length < 2 * fewestDigits) return { from, before: from + endSize };
  const middle = from + ofMiddle(end) * middleSize;
  return { from: middle, before: middle + middleSize };
}

/** What numbers were kept under before: their digits as they were written. */
export function formerNumberRanges({ whole }: NumberSearch): TermRange[] {
  const written = isNumber(whole) ? [whole, `00${whole}`] : [whole];
  return written.map((number) => rangeOf(searchTerm('mobile', number)));
}

function rangeOf(term: number): TermRange {
  return { from: term, before: term + 1 };
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
