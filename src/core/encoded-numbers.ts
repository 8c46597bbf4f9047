import { createDigitWindow } from './digit-window.ts';
import { isOthers } from './others-number.ts';

/**
 * Numbers whose digits are not read one by one: in Base64 (the ids of WhatsApp's messages, `wamid.…`, hold one so), as
 * the hexadecimal of their text (`3931…`), and as a number in hexadecimal.
 */
export interface EncodedNumbers {
  /** Calls back with each place, `from` to before `to`, where one of the numbers stands. Linear in the text. */
  find(text: string, hide: (from: number, to: number) => void): void;
}

interface Base64Form {
  readonly number: string;
  /** What of the number is encoded, and behind how many bytes of a group of three. */
  readonly digits: string;
  readonly before: number;
  /** The first six digits that fill their characters. */
  readonly key: string;
  /** How far the key is into the form. */
  readonly offset: number;
  readonly form: string;
}

/** Six digits or more in Base64, three in every four characters; eight digits have such six wherever they begin. */
const base64Digits = /(?:[MNO][DTjz][AEIMQUYcgk][0-5w-z]){2,}/g;
const base64KeyLength = 8;
/** So many characters before digits may hold others of theirs: twelve of them. */
const base64Ahead = 16;
/**
 * Eight digits or more as the hexadecimal of their text: `3931`, `39 31`, `39:31`, `0x39, 0x31`, `=39=31`; of UCS-2 too, as
 * the modems and centres of SMS write it: `00390031`, `39003100`, `%u0039%u0031`.
 */
const hexText = /(?:(?:0x|%u)?(?:00)?3[0-9][\s:;,=_-]{0,2}){8,}/gi;
const hexDigit = /(?:0x|%u)?(?:00)?3[0-9]/gi;
const hexNumber = /[0-9a-f]{7,}/gi;
const longestHexNumber = 20;

const coreDigits = 8;
const coreLimit = 10 ** coreDigits;
const longestNumber = 15;
const zero = 48;
const nationalDigits = 10;
/** Of as many forms with one key each is looked for; more have the key hidden alone. */
const mostForms = 8;

/**
 * @param numbers of eight digits or more
 * @param sparesOthers leaves those that end alike and are somebody else's
 */
export function createEncodedNumbers(numbers: readonly string[], sparesOthers = false): EncodedNumbers {
  // Made when a text is met that may hold one: few do.
  let base64: Map<string, Base64Form[]> | null = null;
  let cores: Set<number> | null = null;
  let values: Set<string> | null = null;
  const window = createDigitWindow();

  function findBase64(text: string, hide: (from: number, to: number) => void): void {
    for (const { 0: run, index } of text.matchAll(base64Digits)) {
      base64 ??= base64Keys(numbers);
      // A digit fills its characters at the first of a group of four, which may be the third of what the pattern took.
      for (let at = index; at + base64KeyLength <= index + run.length; at += 2) {
        const forms = base64.get(text.slice(at, at + base64KeyLength));
        if (!forms) continue;
        if (forms.length > mostForms) hide(at, at + base64KeyLength);
        for (const found of forms.slice(0, mostForms)) {
          const from = at - found.offset;
          if (!text.startsWith(found.form, from)) continue;
          if (!sparesOthers || !isOthersInBase64(text, from, found)) hide(from, from + found.form.length);
        }
      }
    }
  }

  function findHexText(text: string, hide: (from: number, to: number) => void): void {
    for (const { 0: run, index } of text.matchAll(hexText)) {
      cores ??= new Set(numbers.map((digits) => Number(digits.slice(-coreDigits))));
      let core = 0;
      window.clear();
      for (const pair of run.matchAll(hexDigit)) {
        const value = pair[0].charCodeAt(pair[0].length - 1) - zero;
        window.push(value, index + pair.index, pair[0].length);
        core = (core * 10 + value) % coreLimit;
        if (window.count < coreDigits || !cores.has(core)) continue;
        if (sparesOthers && numbers.every((number) => isOthers(window, number, false))) continue;
        // What stands before the last eight digits is of the same number, or of none.
        const newest = window.count - 1;
        const first = Math.max(0, newest - longestNumber + 1);
        hide(window.place(first), window.place(newest) + window.length(newest));
      }
    }
  }

  function findHexNumber(text: string, hide: (from: number, to: number) => void): void {
    for (const { 0: run, index } of text.matchAll(hexNumber)) {
      const plain = run.length > longestHexNumber ? '' : run.toLowerCase().replace(/^0+/, '');
      if (plain === '') continue;
      values ??= new Set(numbers.flatMap(formsOf).map((digits) => BigInt(digits).toString(16)));
      if (values.has(plain)) hide(index, index + run.length);
    }
  }

  function isOthersInBase64(text: string, from: number, { number, digits, before }: Base64Form): boolean {
    window.clear();
    for (const digit of digitsBefore(text, from, before) + digits) window.push(Number(digit), 0, 1);
    // One form may be of several numbers, of which the first is remembered.
    const alike = numbers.filter((other) => other.endsWith(number.slice(-coreDigits)));
    return alike.every((other) => isOthers(window, other, false));
  }

  return {
    find(text, hide) {
      findBase64(text, hide);
      findHexText(text, hide);
      findHexNumber(text, hide);
    },
  };
}

/** A number as it is, and what is left of it without its country code, whatever that is. */
function formsOf(digits: string): string[] {
  const plain = digits.replace(/^0+/, '');
  const national = digits.slice(-nationalDigits);
  return [...new Set([plain, national, digits.slice(-coreDigits)])].filter(
    (form) => form.length >= coreDigits,
  );
}

function base64Keys(numbers: readonly string[]): Map<string, Base64Form[]> {
  const keys = new Map<string, Base64Form[]>();
  const all = numbers.flatMap((number) => formsOf(number).flatMap((digits) => base64Forms(number, digits)));
  for (const form of all) {
    const same = keys.get(form.key);
    if (!same) keys.set(form.key, [form]);
    // One more than are looked for says that there are too many.
    else if (same.length <= mostForms && !same.some((other) => other.form === form.form)) same.push(form);
  }
  return keys;
}

/** What is certain of the digits in Base64, wherever they begin in what is encoded. */
function base64Forms(number: string, digits: string): Base64Form[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.from(`${'\0'.repeat(before)}${digits}`).toString('base64url');
    const [start, end] = [Math.ceil((before * 8) / 6), Math.floor(((before + digits.length) * 8) / 6)];
    const whole = before === 0 ? 0 : 4;
    return {
      ...{ number, digits, before },
      key: encoded.slice(whole, whole + base64KeyLength),
      offset: whole - start,
      form: encoded.slice(start, end),
    };
  });
}

/** The digits that stand in Base64 directly before what is certain of others, which begin behind so many bytes of a group. */
function digitsBefore(text: string, from: number, before: number): string {
  const group = from - Math.ceil((before * 8) / 6);
  const ahead = /[A-Za-z0-9+/_-]*$/.exec(text.slice(Math.max(0, group - base64Ahead), group))?.[0] ?? '';
  const start = group - (ahead.length - (ahead.length % 4));
  const bytes = Buffer.from(text.slice(start, group + 4), 'base64').toString('latin1');
  return /[0-9]*$/.exec(bytes.slice(0, ((group - start) / 4) * 3 + before))?.[0] ?? '';
}
