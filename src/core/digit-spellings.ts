/**
 * How one digit of a number, or what stands between two of them, may be written in a text: plain, percent-encoded
 * (`%39`), as a character reference (`&#57;`, `&#x39;`), escaped (`\u0039`, `\x39`), each also encoded again (`%2539`,
 * `&amp;#57;`, `\\u0039`), or in the digits of another script (`９`, `٩`).
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

/** Blanks, brackets, dashes, dots and the like; invisible characters; what makes a keycap of a digit. */
const plainSeparator = /[\s().+\-/_,:\u00ad\u00b7\u2010-\u2015\u200b-\u200f\u2060\u2212\ufeff]|\ufe0f|\u20e3/;
const digitOfAnyScript = /^\p{Nd}$/u;

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

/** Reads the digit at a place into `into`; whether there is one. */
export function readDigit(text: string, at: number, into: Spelling): boolean {
  const code = text.charCodeAt(at);
  if (code >= zero && code <= nine) return found(into, code - zero, 1);
  switch (code) {
    case percent:
      return matched(percentDigit, text, at, into);
    case ampersand:
      return matched(referencedDigit, text, at, into);
    case backslash:
      return matched(escapedDigit, text, at, into);
    default:
      return code > lastOfAscii && isOfOtherScript(code) && found(into, otherScripts[code] ?? 0, 1);
  }
}

/** How long the separator at a place is; 0: there is none. */
export function separatorLength(text: string, at: number): number {
  switch (text.charCodeAt(at)) {
    case percent:
      return lengthOf(percentSeparator, text, at);
    case ampersand:
      return lengthOf(referencedSeparator, text, at);
    case backslash:
      return lengthOf(escapedSeparator, text, at);
    default:
      return plainSeparator.test(text.charAt(at)) ? 1 : 0;
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

/** The values of characters that were looked at; those that are no digit, and those that were not looked at. */
const otherScripts = new Int8Array(0x10000).fill(-2);

function isOfOtherScript(code: number): boolean {
  if (otherScripts[code] === -2) otherScripts[code] = digitOf(code);
  return (otherScripts[code] ?? -1) >= 0;
}

/** Unicode has the ten digits of a script one after another, beginning at …0 or …6; −1: it is no digit. */
function digitOf(code: number): number {
  if (!digitOfAnyScript.test(String.fromCharCode(code))) return -1;
  const place = code & 0xf;
  return digitOfAnyScript.test(String.fromCharCode(code - place)) ? place : place - 6;
}
