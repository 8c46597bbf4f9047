/**
 * The one form of a phone number: digits with the country code. `+1 631-555-8151`, `0016315558151`, `(1) 631.555.8151` and
 * `١٦٣١٥٥٥٨١٥١` are all `16315558151`, so that events, senders, webhooks and searches agree whoever wrote them.
 *
 * - An international prefix written as `00` goes, like the `+`.
 * - A national number (`0981…`) stays as it is but for what stands between its digits: its country is not known. So does
 *   a `(0)` behind a country code; a digit is never dropped by a guess.
 * - What is no number stays as it came: a sender's name (`AD-HDFCBK`), a masked number (`9198******78`), a BSUID.
 *
 * 20 ns where there is nothing to do.
 */
export function normalNumber(text: string): string {
  if (isNormal(text)) return text;
  let digits = '';
  for (const character of text) {
    const value = digitValue(character);
    if (value >= 0) digits += value;
    else if (!standsBetweenDigits(character)) return text;
  }
  if (digits === '') return text;
  return digits.startsWith('00') ? digits.replace(/^0+(?=.)/, '') : digits;
}

/** Whether a text in its normal form is a number: digits alone. */
export function isNumber(normal: string): boolean {
  return /^[0-9]+$/.test(normal);
}

const zero = 48;
const nine = 57;

function isNormal(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < zero || code > nine) return false;
  }
  return text.charCodeAt(0) !== zero || text.charCodeAt(1) !== zero;
}

/**
 * What people, phone books and bidirectional text put around digits: blanks and marks that do not show (controls, soft
 * hyphen, zero width, directions, variation selectors, Braille's blank), what makes a keycap of a digit, brackets and
 * dashes of every script, dots, slashes, tildes and plus signs, as in libphonenumber's VALID_PUNCTUATION.
 */
const betweenDigits =
  /[\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800\p{Ps}\p{Pe}\p{Pd}\u2212\u207b\u30fc+\uff0b\ufe62\u207a./\uff0e\uff0f\u2044\u2215\u00b7\u2022\u2024\u2027\u2219\u22c5\u30fb~\u2053\u223c\uff5e]|\u20e3/u;

const anyDigit = /^\p{Nd}$/u;

/** Whether a character may stand between the digits of a number, or before or behind them. */
export function standsBetweenDigits(character: string): boolean {
  return betweenDigits.test(character);
}

/** The values of digits that were looked at; −1: none. Digits and what stands between them are some hundred characters. */
const known = new Map<string, number>();
const mostKnown = 2_000;

/** What a character is as a digit, of whatever script; −1: it is none. */
export function digitValue(character: string): number {
  const value = known.get(character);
  if (value !== undefined) return value;
  const found = findDigitValue(character.codePointAt(0) ?? 0);
  if (known.size < mostKnown) known.set(character, found);
  return found;
}

/** Unicode has the ten digits of a script one after another; where sets adjoin, each is whole. */
function findDigitValue(code: number): number {
  if (!anyDigit.test(String.fromCodePoint(code))) return -1;
  let before = 0;
  while (anyDigit.test(String.fromCodePoint(code - before - 1))) before++;
  return before % 10;
}
