import { digitValue, standsBetweenDigits } from '../shared/normal-number.ts';

/**
 * How one digit of a number, or what stands between two of them, may be written in a text: plain, percent-encoded
 * (`%39`), as a character reference (`&#57;`, `&#x39;`), escaped (`\u0039`, `\x39`), each also encoded again (`%2539`,
 * `&amp;#57;`, `\\u0039`), or in the digits of another script (`９`, `٩`, `𝟗`). What looks encoded may stand for itself, so
 * a text is read both ways.
 *
 * Every pattern is tried at one place and looks at some thirty characters at most, so that a text costs what its length
 * says, whatever it is.
 */

const percentDigit = /%(?:25){0,4}3([0-9])/iy;
const referencedDigit = /&(?:amp;){0,4}#(?:0{0,7}(4[89]|5[0-7])|x0{0,7}3([0-9]))(?:;|(?![0-9a-f]))/iy;
const escapedDigit = /\\{1,8}(?:u003|x3|u\{0{0,4}3)([0-9])\}?/iy;

const percentSeparator = /%(?:25){0,4}(?:20|2[89bdef]|09|0a|0d|5f|c2%(?:25){0,4}a0)/iy;
const referencedSeparator = /&(?:amp;){0,4}(?:nbsp|#(?:32|160|4[0-7]|x20|xa0|x2[89a-f]));?/iy;
const escapedSeparator = /\\{1,8}(?:u00(?:20|a0|2[89bdef])|x20|xa0|x2[89bdef]|[nrt])/iy;

/** What texts have between digits beside what numbers in fields of their own may have there. */
const otherSeparators = '_,:';

const percent = 0x25;
const ampersand = 0x26;
const backslash = 0x5c;
const zero = 48;
const nine = 57;
const lastOfAscii = 127;

/** What stands at a place: a digit (`value`), or a separator, that is `length` characters long; 0: neither. */
export interface Spelling {
  value: number;
  length: number;
}

/** How a text is read: what is at a place. */
export interface Reading {
  /** Reads the digit at a place into `into`; whether there is one. */
  digit(text: string, at: number, into: Spelling): boolean;
  /** How long the separator at a place is; 0: there is none. */
  separatorLength(text: string, at: number): number;
}

/** What may be an encoded digit is one. */
const encoded: Reading = { digit: readDigit, separatorLength };
/** What may be an encoded digit is not: `%32950864` may be a percent sign and a number. */
const plain: Reading = { digit: readPlainDigit, separatorLength: plainSeparatorLength };
const both = [encoded, plain];
const one = [plain];
const mayEncode = /[%&\\]/;

/** The ways in which a text is to be read, one after the other. */
export function readingsOf(text: string): readonly Reading[] {
  return mayEncode.test(text) ? both : one;
}

function readPlainDigit(text: string, at: number, into: Spelling): boolean {
  const code = text.charCodeAt(at);
  if (code >= zero && code <= nine) return found(into, code - zero, 1);
  return code > lastOfAscii && readOtherDigit(text, at, into);
}

function readDigit(text: string, at: number, into: Spelling): boolean {
  switch (text.charCodeAt(at)) {
    case percent:
      return matched(percentDigit, text, at, into);
    case ampersand:
      return matched(referencedDigit, text, at, into);
    case backslash:
      return matched(escapedDigit, text, at, into);
    default:
      return readPlainDigit(text, at, into);
  }
}

function separatorLength(text: string, at: number): number {
  switch (text.charCodeAt(at)) {
    case percent:
      return lengthOf(percentSeparator, text, at);
    case ampersand:
      return lengthOf(referencedSeparator, text, at);
    case backslash:
      return lengthOf(escapedSeparator, text, at);
    default:
      return plainSeparatorLength(text, at);
  }
}

function matched(pattern: RegExp, text: string, at: number, into: Spelling): boolean {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  if (!match) return false;
  const [whole, first, second] = match;
  const isDecimalReference = pattern === referencedDigit && first !== undefined;
  return found(into, isDecimalReference ? Number(first) - zero : Number(second ?? first), whole.length);
}

function lengthOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

function found(into: Spelling, value: number, length: number): true {
  into.value = value;
  into.length = length;
  return true;
}

function readOtherDigit(text: string, at: number, into: Spelling): boolean {
  const role = roleAt(text, at);
  return role >= 0 && found(into, role, lengthAt(text, at));
}

function plainSeparatorLength(text: string, at: number): number {
  return roleAt(text, at) === separator ? lengthAt(text, at) : 0;
}

/** A character's value as a digit, or one of these. */
const separator = -1;
const neither = -2;
const unknown = -3;
/** Of characters of one unit that were looked at. */
const roles = new Int8Array(0x10000).fill(unknown);

function roleAt(text: string, at: number): number {
  if (lengthAt(text, at) === 2) return roleOf(text.slice(at, at + 2));
  const code = text.charCodeAt(at);
  if (roles[code] === unknown) roles[code] = roleOf(text.charAt(at));
  return roles[code] ?? neither;
}

function roleOf(character: string): number {
  const value = digitValue(character);
  if (value >= 0) return value;
  return standsBetweenDigits(character) || otherSeparators.includes(character) ? separator : neither;
}

/** In units of UTF-16; half a character is one of its own. */
function lengthAt(text: string, at: number): 1 | 2 {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
