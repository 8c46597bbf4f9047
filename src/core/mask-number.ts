import { digitValue } from '../shared/normal-number.ts';
import { type CharacterFates, createCharacterFates } from './character-fates.ts';
import { type Reading, readingsOf, type Spelling } from './digit-spellings.ts';
import { createDigitWindow, type DigitWindow } from './digit-window.ts';
import { createEncodedNumbers } from './encoded-numbers.ts';
import { isOthers } from './others-number.ts';

/**
 * Hides phone numbers, wherever they stand in a text: all but their last four digits become `•`.
 *
 * A number is recognised by its last eight digits, so it is found with `+`, `00` or nothing before its country code, in
 * its national form, with something between its digits, and in the other spellings of `digit-spellings.ts`. One of five
 * to seven digits is recognised only where it stands apart. Of eight digits or more it is found as a whole in the
 * encodings of `encoded-numbers.ts` as well, where it is hidden altogether.
 */
export interface NumberMask {
  /** The text itself where no number occurs in it. Costs what the text's length says, whatever it is. */
  text(text: string): string;
}

const keptDigits = 4;
const coreDigits = 8;
const longestNumber = 15;
const bullet = '•';

/** Between two digits of one number: ` ` and what turns the direction of text, on both sides of a bracket. */
const mostSeparators = 8;
/** Numbers that end alike are compared one by one; of more, what stands before the end is taken for theirs. */
const mostAlike = 8;
const coreLimit = 10 ** coreDigits;

/** The digits in a text, of every script, as `0` to `9`. */
export function digitsOf(text: string): string {
  return text.replaceAll(anyDigit, asDigit).replaceAll(/\D/g, '');
}

const anyDigit = /\p{Nd}/gu;

function asDigit(digit: string): string {
  return String(digitValue(digit));
}

export interface NumberMaskOptions {
  /** How many of their last digits stay. */
  readonly shownDigits?: number;
  /** Leaves numbers that end alike and are somebody else's (`others-number.ts`). */
  readonly sparesOthers?: boolean;
}

/** @param numbers as somebody wrote them; those of less than five digits hide nothing */
export function createNumberMask(
  numbers: Iterable<string>,
  { shownDigits = keptDigits, sparesOthers = false }: NumberMaskOptions = {},
): NumberMask {
  const byCore = new Map<number, string[]>();
  const short = new Set<string>();
  const long = new Set<string>();
  for (const number of numbers) {
    const digits = digitsOf(number);
    if (digits.length >= coreDigits) long.add(digits);
    else if (digits.length > keptDigits) short.add(digits);
  }
  for (const digits of long) {
    const core = Number(digits.slice(-coreDigits));
    const same = byCore.get(core);
    if (!same) byCore.set(core, [digits]);
    else same.push(digits);
  }
  const encoded = createEncodedNumbers([...long], sparesOthers);
  const run = createDigitWindow();
  const spelling: Spelling = { value: 0, length: 0 };

  function hideLong(core: number, fates: CharacterFates): void {
    const alike = byCore.get(core)?.filter((number) => !sparesOthers || !isOthers(run, number, true));
    if (alike && alike.length > 0) hideDigits(run, firstOf(run, alike), run.count - shownDigits, fates);
  }

  /** @param from from here to the newest, digits stand together, or are all that the run has */
  function hideShort(text: string, from: number, fates: CharacterFates): void {
    const end = run.count;
    if (short.size === 0 || end - from <= keptDigits || end - from > longestNumber) return;
    const last = run.place(end - 1) + run.length(end - 1);
    if (isWordLetter(text, run.place(from) - 1) || isWordLetter(text, last)) return;
    const digits = run.text(from, end);
    if (short.has(digits) || short.has(digits.replace(/^0+(?=\d{5})/, ''))) {
      hideDigits(run, from, end - shownDigits, fates);
    }
  }

  /** Reads the digits that may be one number, the first of which was just read; where they end. */
  function hideInRun(text: string, start: number, reading: Reading, fates: CharacterFates): number {
    let [at, core, together] = [start, 0, 0];
    run.clear();
    for (;;) {
      run.push(spelling.value, at, spelling.length);
      core = (core * 10 + spelling.value) % coreLimit;
      if (run.count >= coreDigits) hideLong(core, fates);
      at += spelling.length;
      const end = at;
      let separators = 0;
      while (!reading.digit(text, at, spelling)) {
        const length = separators++ < mostSeparators ? reading.separatorLength(text, at) : 0;
        at += length;
        if (length > 0) continue;
        hideShort(text, together, fates);
        if (together > 0) hideShort(text, 0, fates);
        return end;
      }
      if (at === end) continue;
      hideShort(text, together, fates);
      together = run.count;
    }
  }

  return {
    text(text) {
      if (byCore.size === 0 && short.size === 0) return text;
      const fates = createCharacterFates(text);
      if (long.size > 0) encoded.find(text, fates.hide);
      for (const reading of readingsOf(text)) {
        for (let at = 0; at < text.length; at++) {
          if (reading.digit(text, at, spelling)) at = hideInRun(text, at, reading, fates) - 1;
        }
      }
      return fates.shown();
    },
  };
}

/** Hides the digits `from` to before `end`. */
function hideDigits(run: DigitWindow, from: number, end: number, fates: CharacterFates): void {
  for (let index = from; index < end; index++) fates.hideAsOne(run.place(index), run.length(index));
}

/** Where the number begins that the newest digit ends: as far as the digits are those of one that is known. */
function firstOf(run: DigitWindow, alike: readonly string[]): number {
  const end = run.count;
  if (alike.length > mostAlike) return Math.max(0, end - longestNumber);
  const most = Math.min(end, longestNumber);
  let longest = coreDigits;
  for (const digits of alike) {
    let length = coreDigits;
    while (
      length < Math.min(most, digits.length) &&
      run.value(end - 1 - length) === Number(digits.at(-1 - length))
    ) {
      length++;
    }
    longest = Math.max(longest, length);
  }
  return end - longest;
}

function isWordLetter(text: string, index: number): boolean {
  return /\w/.test(text.charAt(index));
}

/** Hides all digits of a text but the last four. */
export function maskToLastDigits(text: string): string {
  let left = digitsOf(text).length - keptDigits;
  return text.replaceAll(anyDigit, (digit) => (left-- > 0 ? bullet : digit));
}
