import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyNumber, spellingOf } from '../testing/number-spellings.ts';
import { matchesNumber, numberSearch, numberWarnings, withoutLongerEnds } from './number-search.ts';

const finds = (asked: string, number: string): boolean => matchesNumber(numberSearch(asked), number);

describe('a search for a number', () => {
  it('finds it in any spelling, and nothing that is written otherwise', () => {
    const spelled = anyNumber.chain((number) =>
      fc.tuple(fc.constant(number), spellingOf(number), spellingOf(number)),
    );
    fc.assert(
      fc.property(spelled, anyNumber, ([number, asked, kept], other) => {
        expect(finds(asked, kept)).toBe(true);
        expect(finds(`+${number}`, other)).toBe(other === number);
      }),
    );
  });

  it('finds it by its last 4 digits or more, and by no fewer', () => {
    fc.assert(
      fc.property(anyNumber, fc.integer({ min: 1, max: 12 }), (number, count) => {
        const end = number.slice(-count);
        fc.pre(end.length < 9 || !end.startsWith('0'));
        expect(finds(end, number)).toBe(end.length >= 4 || end === number);
        expect(finds(`+${end}`, number)).toBe(end === number);
      }),
    );
  });

  it('finds a national number with its country code, and as it is', () => {
    expect(finds('098123 45678', '919812345678')).toBe(true);
    expect(finds('09812345678', '09812345678')).toBe(true);
    expect(finds('05678', '919812345678')).toBe(false);
    expect(finds('09812345679', '919812345678')).toBe(false);
  });

  it('finds a whole number in its other writings, with a plus and without, and no other that ends alike', () => {
    for (const asked of ['5215512345678', '+5215512345678', '005215512345678'])
      expect(finds(asked, '+52 55 1234 5678')).toBe(true);
    expect(finds('+525512345678', '5215512345678')).toBe(true);
    expect(finds('+55 11 98765-4321', '551187654321')).toBe(true);
    expect(finds('+5215512345678', '15512345678')).toBe(false);
    expect(finds('+5511987654321', '1187654321')).toBe(false);
  });

  it('finds what is no number as it came', () => {
    expect(finds('AD-HDFCBK', 'AD-HDFCBK')).toBe(true);
    expect(finds('5678', 'AD-5678')).toBe(false);
    expect(finds('HDFCBK', 'AD-HDFCBK')).toBe(false);
  });
});

describe('what there is to say of a search', () => {
  const codes = (asked: string, found?: (string | null)[]) =>
    numberWarnings(asked, found).map(({ code }) => code);

  it.each([
    ['5678', ['partial_number']],
    ['0001', ['partial_number']],
    ['9812345678', ['partial_number']],
    ['٥٦٧٨', ['partial_number']],
    ['09812345678', ['no_country_code']],
    ['678', ['too_few_digits']],
    ['919812345678', []],
    ['+5678', []],
    ['004512345678', []],
    ['AD-HDFCBK', []],
  ])('of %j is %j', (asked, expected) => {
    expect(codes(asked)).toEqual(expected);
  });

  it('is nothing where the number was found, alone', () => {
    expect(codes('4512345678', ['4512345678', '+4512345678'])).toEqual([]);
    expect(codes('4512345678', ['4512345678', '14512345678'])).toEqual(['partial_number']);
    expect(codes('4512345678', [null])).toEqual(['partial_number']);
  });

  it('names the digits, in words', () => {
    expect(numberWarnings('098123-45678')[0]?.message).toContain('09812345678 has no country code');
    expect(numberWarnings('5678')[0]?.message).toContain('5678 is taken for a part of a number');
  });
});

it('who sees 4 digits of a number alone finds it by these or by all, so that nobody learns more digit by digit', () => {
  expect(finds(withoutLongerEnds('5678'), '919812345678')).toBe(true);
  expect(finds(withoutLongerEnds('45678'), '919812345678')).toBe(false);
  expect(finds(withoutLongerEnds('09812345678'), '919812345678')).toBe(false);
  expect(finds(withoutLongerEnds('919812345678'), '919812345678')).toBe(true);
  expect(finds(withoutLongerEnds('9812345678'), '919812345678')).toBe(false);
});
