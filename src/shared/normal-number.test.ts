import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spellingOf, twoSpellings } from '../testing/number-spellings.ts';
import { isNumber, normalNumber } from './normal-number.ts';

describe('the normal form of a number', () => {
  it.each([
    '16315558151',
    '+16315558151',
    '+1 631-555-8151',
    '0016315558151',
    '00 1 (631) 555-8151',
    '\u202a+1\u00a0631\u202f555\u20118151\u202c',
    '1.631.555.8151',
    '[1] 631/555/8151',
    '١٦٣١٥٥٥٨١٥١',
    '۱۶۳۱۵۵۵۸۱۵۱',
    '＋１（６３１）５５５－８１５１',
    '१६३१५५५८१५१',
    '\u00ad1\u200b6\ufeff3\u20601\u2066555\u20698151\u200f',
    '1\ufe0f\u20e36315558151',
  ])('of %j is 16315558151', (written) => {
    expect(normalNumber(written)).toBe('16315558151');
  });

  it.each(['09812345678', '0 98123-45678', '(0)9812345678', '٠٩٨١٢٣٤٥٦٧٨'])(
    'of the national %j keeps its zero',
    (written) => {
      expect(normalNumber(written)).toBe('09812345678');
    },
  );

  it.each([
    'AD-HDFCBK',
    'VM-12345',
    'IN.13491208655302741918',
    '9198******78',
    '*121#',
    'tel:919',
    '',
    '+',
    ' - ',
  ])('of %j, which is none, is as it came', (text) => {
    expect(normalNumber(text)).toBe(text);
    expect(isNumber(normalNumber(text))).toBe(false);
  });

  it('is the same for any two spellings, and its own', () => {
    fc.assert(
      fc.property(twoSpellings, ([number, one, other]) => {
        expect(normalNumber(one)).toBe(number);
        expect(normalNumber(other)).toBe(number);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is another one for another number', () => {
    const two = fc.tuple(fc.stringMatching(/^[1-9][0-9]{6,9}$/), fc.stringMatching(/^[1-9][0-9]{6,9}$/));
    const written = two.chain(([one, other]) =>
      fc.tuple(fc.constant(one === other), spellingOf(one), spellingOf(other)),
    );
    fc.assert(
      fc.property(written, ([same, one, other]) => {
        expect(normalNumber(one) === normalNumber(other)).toBe(same);
      }),
    );
  });

  it('does not change what it has made, whatever that was', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[0-9 +()٠-٩-]*$/)), (text) => {
        const once = normalNumber(text);
        expect(normalNumber(once)).toBe(once);
      }),
    );
  });

  it('reads every decimal digit of Unicode as its value', () => {
    for (let code = 0; code <= 0x10ffff; code++) {
      const character = String.fromCodePoint(code);
      if (!/^\p{Nd}$/u.test(character)) continue;
      const plain = character.normalize('NFKC');
      const expected = /^[0-9]$/.test(plain) ? plain : expect.stringMatching(/^[0-9]$/);
      expect(normalNumber(`1${character}`).slice(1)).toEqual(expected);
    }
  });
});
