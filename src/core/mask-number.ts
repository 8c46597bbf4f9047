/**
 * Hides phone numbers, wherever they stand in a text: all but their last four digits become `•`.
 *
 * A number is recognised by its last eight digits, so it is found with `+`, `00` or nothing before its country code, in
 * its national form, and with spaces, dashes, dots or brackets between its digits. One of five to seven digits is
 * recognised only where it stands apart. Of eight digits or more it is found in Base64 as well: the ids of WhatsApp's
 * messages (`wamid.…`) hold the number so.
 */
export interface NumberMask {
  /** The text itself where no number occurs in it. */
  text(text: string): string;
}

const keptDigits = 4;
const coreDigits = 8;
const bullet = '•';

/** What may stand between two digits of one number (`+` is a space in a form); three of them at most. */
const separator = /^(?:[ \u00a0().+\-/]|%20|%2D){1,3}(?=\d)/i;
const zero = 48;
const nine = 57;

function isDigit(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= zero && code <= nine;
}

function isLetter(text: string, index: number): boolean {
  return /\w/.test(text.charAt(index));
}

export function digitsOf(text: string): string {
  return text.replaceAll(/\D/g, '');
}

/** @param numbers as somebody wrote them; those of less than five digits hide nothing */
export function createNumberMask(numbers: Iterable<string>): NumberMask {
  const byCore = new Map<string, string[]>();
  const short = new Set<string>();
  const encoded = new Map<string, string[]>();
  for (const number of numbers) {
    const digits = digitsOf(number);
    if (digits.length >= coreDigits) {
      for (const { key, form } of base64Forms(digits.replace(/^0+/, ''))) {
        encoded.set(key, [...(encoded.get(key) ?? []), form]);
      }
      const core = digits.slice(-coreDigits);
      const same = byCore.get(core);
      if (!same) byCore.set(core, [digits]);
      else if (!same.includes(digits)) same.push(digits);
    } else if (digits.length > keptDigits) short.add(digits);
  }

  /**
   * Which of these digits are hidden.
   * @param apart no letter stands before or after them
   */
  function hiddenIn(run: string, apart: boolean): ReadonlySet<number> {
    const hidden = new Set<number>();
    const alone = run.replace(/^0+(?=\d{5})/, '');
    if (apart && (short.has(run) || short.has(alone))) {
      for (let i = 0; i < run.length - keptDigits; i++) hidden.add(i);
    }
    for (let start = 0; start + coreDigits <= run.length; start++) {
      for (const digits of byCore.get(run.slice(start, start + coreDigits)) ?? []) {
        const end = start + coreDigits;
        const first = end - sharedEnd(run.slice(0, end), digits);
        for (let i = first; i < end - keptDigits; i++) hidden.add(i);
      }
    }
    return hidden;
  }

  function hideEncoded(text: string): string {
    let hidden = text;
    for (const { 0: run, index } of text.matchAll(base64Digits)) {
      for (let at = index; at + keyLength <= index + run.length; at++) {
        for (const form of encoded.get(text.slice(at, at + keyLength)) ?? []) {
          hidden = hidden.replaceAll(form, bullet.repeat(form.length));
        }
      }
    }
    return hidden;
  }

  return {
    text(given) {
      if (byCore.size === 0 && short.size === 0) return given;
      const text = hideEncoded(given);
      let masked = '';
      let done = 0;
      for (let at = 0; at < text.length; at++) {
        if (!isDigit(text, at)) continue;
        const places = digitPlaces(text, at);
        const end = (places.at(-1) ?? at) + 1;
        const apart = !isLetter(text, at - 1) && !isLetter(text, end);
        const hidden = hiddenIn(places.map((place) => text.charAt(place)).join(''), apart);
        for (const [index, place] of places.entries()) {
          if (!hidden.has(index)) continue;
          masked += text.slice(done, place) + bullet;
          done = place + 1;
        }
        at = end - 1;
      }
      return done === 0 ? text : masked + text.slice(done);
    },
  };
}

/** Where the digits stand that may be one number, from `start` on. */
function digitPlaces(text: string, start: number): number[] {
  const places: number[] = [];
  let at = start;
  for (;;) {
    while (at < text.length && isDigit(text, at)) places.push(at++);
    const between = separator.exec(text.slice(at, at + 12));
    if (!between) return places;
    at += between[0].length;
  }
}

/** Six digits or more in Base64, three in every four characters; eight digits have such six wherever they begin. */
const base64Digits = /(?:[MNO][DTjz][AEIMQUYcgk][0-5w-z]){2,}/g;
const keyLength = 8;

interface Base64Form {
  /** The first six digits that fill their characters. */
  readonly key: string;
  readonly form: string;
}

/** What is certain of the digits in Base64, wherever they begin in what is encoded. */
function base64Forms(digits: string): Base64Form[] {
  if (digits.length < coreDigits) return [];
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.from(`${'\0'.repeat(before)}${digits}`).toString('base64url');
    const [start, end] = [Math.ceil((before * 8) / 6), Math.floor(((before + digits.length) * 8) / 6)];
    const whole = before === 0 ? 0 : 4;
    return { key: encoded.slice(whole, whole + keyLength), form: encoded.slice(start, end) };
  });
}

/** How long the longest end is that both have. */
function sharedEnd(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a.at(-1 - length) === b.at(-1 - length)) length++;
  return length;
}

/** Hides all digits of a text but the last four. */
export function maskToLastDigits(text: string): string {
  let left = digitsOf(text).length - keptDigits;
  return text.replaceAll(/\d/g, (digit) => (left-- > 0 ? bullet : digit));
}
