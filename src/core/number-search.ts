import { isNumber, normalNumber } from '../shared/normal-number.ts';
import { writingsOf } from './number-writings.ts';

/** What somebody looks for who asks for a number. */
export interface NumberSearch {
  /** In its normal form. */
  readonly whole: string;
  /** In its other writings (`number-writings.ts`). */
  readonly others: readonly string[];
  /** What else a number may end in, 4 digits or more; `null`: only the whole number is meant. */
  readonly end: string | null;
}

/** So many digits at the end of a number find it. */
export const fewestDigits = 4;

/** A number with its country code has so many digits, in most countries; of fewer it may be a part. */
const usualDigits = 11;
/** `00`, a country code and a number have so many digits together; fewer that begin so are the end of one. */
const shortestAbroad = 9;
/** So long a text that begins with 0 is a number without its country code, and no end of one. */
const nationalDigits = 9;

/**
 * Reads what a person types or copies: a whole number, in any spelling, or its last digits. With `+` or `00` it is whole.
 * A national number (`09812345678`) is found by what follows its zero too.
 */
export function numberSearch(asked: string): NumberSearch {
  const whole = normalNumber(asked);
  const names = { whole, others: writingsOf(whole).slice(1) };
  if (!isNumber(whole) || plus.test(asked)) return { ...names, end: null };
  const digits = digitsOf(asked);
  const isInternational = digits.startsWith('00') && digits.length >= shortestAbroad;
  if (digits.length < fewestDigits || isInternational) return { ...names, end: null };
  return { ...names, end: isNational(digits) ? digits.slice(1) : digits };
}

export function matchesNumber(search: NumberSearch, number: string | null): boolean {
  if (number === null) return false;
  const normal = normalNumber(number);
  return isWhole(search, normal) || (search.end !== null && normal.endsWith(search.end) && isNumber(normal));
}

function isWhole({ whole, others }: NumberSearch, normal: string): boolean {
  return normal === whole || others.includes(normal);
}

/** Whether it looks like a part of a number, or one without its country code, rather than like a whole one. */
export function looksPartial({ whole, end }: NumberSearch): boolean {
  return end !== null && (end.length < usualDigits || isNational(whole));
}

/** The same search by the last 4 digits or the whole number alone: for who sees no more than 4, a longer end tells more. */
export function withoutLongerEnds(asked: string): string {
  const { whole, end } = numberSearch(asked);
  return end !== null && end.length > fewestDigits ? `+${whole}` : asked;
}

/** A word to who asked for a number. */
export interface NumberWarning {
  readonly code: (typeof numberWarningCodes)[number];
  readonly message: string;
  readonly path: 'mobileNumber';
}

export const numberWarningCodes = [
  'partial_number',
  'no_country_code',
  'too_few_digits',
  'hidden_digits',
] as const;

/**
 * What there is to say of a search: that it is for a part of a number, or lacks the country code.
 * @param found the numbers that it has found, where it has looked for any
 */
export function numberWarnings(asked: string, found: readonly (string | null)[] = []): NumberWarning[] {
  const search = numberSearch(asked);
  const { whole, end } = search;
  const path = 'mobileNumber';
  if (end === null && isNumber(whole) && whole.length < fewestDigits) {
    const message = `${whole} is too short to look for: at least the last ${fewestDigits} digits of a number find it.`;
    return [{ code: 'too_few_digits', message, path }];
  }
  const isFoundWhole =
    found.length > 0 && found.every((number) => number !== null && isWhole(search, normalNumber(number)));
  if (!looksPartial(search) || isFoundWhole) return [];
  if (isNational(whole)) {
    const message = `${whole} has no country code, and numbers are kept with it: what ends in ${end} is looked for as well.`;
    return [{ code: 'no_country_code', message, path }];
  }
  const message =
    `${end} is taken for a part of a number: all that end in it are looked for. A whole number has its country code; ` +
    'written with + it is looked for alone.';
  return [{ code: 'partial_number', message, path }];
}

function isNational(whole: string): boolean {
  return whole.startsWith('0') && whole.length >= nationalDigits;
}

const plus = /[+\uff0b\ufe62\u207a]/;

/** All digits of a number: behind another one, zeros at its beginning stay. */
function digitsOf(asked: string): string {
  return normalNumber(`1${asked}`).slice(1);
}
