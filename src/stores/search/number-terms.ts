import { createHmac } from 'node:crypto';
import { fewestDigits, type NumberSearch } from '../../core/number-search.ts';
import { sipHash53 } from '../../core/siphash.ts';
import { isNumber } from '../../shared/normal-number.ts';

/** Terms: `from` ≤ term < `before`. */
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
 * All are of the number key: without it a term says nothing of its number.
 */
export interface NumberTerms {
  /** @param number in its normal form; what is no number has a term of its whole text */
  of(number: string): number;
  /** Where the terms are of all numbers that a search may mean. */
  ranges(search: NumberSearch): TermRange[];
}

const perKey = new WeakMap<Uint8Array, NumberTerms>();

/** Those of a number key, made once. */
export function numberTermsOf(key: Uint8Array): NumberTerms {
  const known = perKey.get(key);
  if (known) return known;
  const made = createNumberTerms(key);
  perKey.set(key, made);
  return made;
}

export function createNumberTerms(numberKey: Uint8Array): NumberTerms {
  const derived = createHmac('sha256', numberKey).update('search terms').digest();
  const key = new Int32Array(4).map((_, i) => derived.readInt32LE(4 * i));
  // Asked again and again for the same digits; in maps of texts they cost three times as much.
  const ends = new Int32Array(2 * 10 ** fewestDigits).fill(-1);
  const middles = ends.slice();

  function ofEnd(number: string): number {
    const digits = digitsOf(number, number.length - fewestDigits, number.length);
    if (ends[digits] === -1) ends[digits] = top(sipHash53(key, `e${digits}`), 20);
    return ends[digits] ?? 0;
  }

  function ofMiddle(number: string): number {
    const digits = digitsOf(number, number.length - 2 * fewestDigits, number.length - fewestDigits);
    if (middles[digits] === -1) middles[digits] = top(sipHash53(key, `m${digits}`), 16);
    return middles[digits] ?? 0;
  }

  function of(number: string): number {
    const whole = sipHash53(key, number);
    if (!isNumber(number)) return whole;
    return ofEnd(number) * endSize + ofMiddle(number) * middleSize + (whole % middleSize);
  }

  function endRange(end: string): TermRange {
    const from = ofEnd(end) * endSize;
    if (end.length < 2 * fewestDigits) return { from, before: from + endSize };
    const middle = from + ofMiddle(end) * middleSize;
    return { from: middle, before: middle + middleSize };
  }

  return {
    of,
    ranges({ whole, others, end }) {
      const wholes = [whole, ...others].map((number) => rangeOf(of(number)));
      if (end === null) return wholes;
      // `0001` is the end of a number, and another spelling of `1`.
      return [endRange(end), ...wholes.slice(whole.endsWith(end) ? 1 : 0)];
    },
  };
}

export function rangeOf(term: number): TermRange {
  return { from: term, before: term + 1 };
}

const endSize = 2 ** 33;
const middleSize = 2 ** 17;

function top(hash: number, bits: number): number {
  return Math.floor(hash / 2 ** (53 - bits));
}

/** Up to 4 digits as a number, with a 1 before them: fewer are another one. */
function digitsOf(number: string, from: number, to: number): number {
  let digits = 1;
  for (let at = Math.max(0, from); at < to; at++) digits = digits * 10 + number.charCodeAt(at) - zero;
  return digits;
}

const zero = 48;
