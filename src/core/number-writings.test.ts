import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyNumber } from '../testing/number-spellings.ts';
import { fieldsOf, formsOf, partsOf, writingsOf } from './number-writings.ts';

const sameNumber = [
  ['Mexico', ['525512345678', '5215512345678']],
  ['Brazil', ['551187654321', '5511987654321']],
  ['Argentina, Buenos Aires', ['541112345678', '5491112345678', '54111512345678']],
  [
    'Argentina, where an area has three digits or four',
    ['543415123456', '5493415123456', '54341155123456', '54341515123456'],
  ],
  ['Benin', ['22997123456', '2290197123456']],
  ['Russia', ['79161234567', '89161234567']],
  ['Kazakhstan', ['77011234567', '87011234567']],
] as const;

describe('the writings of one number', () => {
  it.each(sameNumber)('are the same whichever is given: %s', (_country, writings) => {
    for (const given of writings) {
      expect(writingsOf(given)[0]).toBe(given);
      expect(writingsOf(given).toSorted()).toEqual(writings.toSorted());
    }
  });

  it.each([
    ['a number of a country that writes one', '919812345678'],
    ['a landline of Brazil', '551134567890'],
    ['a Mexican number that begins with 1', '521512345678'],
    ['an Argentine one that is too short', '54111234567'],
    ['a number of a country whose code begins alike', '886912345678'],
    ['a number of Japan with eleven digits', '81312345678'],
    ['what is no number', 'AD-HDFCBK'],
  ])('are one alone of %s', (_what, given) => {
    expect(writingsOf(given)).toEqual([given]);
  });

  it('have each other, whatever the number', () => {
    const some = fc.constantFrom(
      ...sameNumber.flatMap(([, writings]) => writings.map((w) => w.slice(0, -6))),
    );
    const given = fc.oneof(
      anyNumber,
      fc.tuple(some, fc.stringMatching(/^\d{6}$/)).map(([start, end]) => start + end),
    );
    fc.assert(
      fc.property(given, (number) => {
        const all = writingsOf(number).toSorted();
        expect(new Set(all).size).toBe(all.length);
        for (const writing of all) expect(writingsOf(writing).toSorted()).toEqual(all);
      }),
    );
  });
});

describe('the forms of a number', () => {
  it.each([
    ['919812345678', ['919812345678', '9812345678', '09812345678', '9109812345678']],
    ['393331234567', ['393331234567', '3331234567', '03331234567']],
    ['16315558151', ['16315558151', '6315558151', '06315558151', '106315558151']],
    ['35812345678', ['35812345678', '12345678', '012345678', '358012345678']],
    ['4712345678', ['4712345678', '12345678', '012345678', '47012345678']],
    ['371234567', ['371234567']],
  ])('of %s are these', (whole, expected) => {
    expect([...formsOf(whole)].toSorted()).toEqual(expected.toSorted());
  });

  it('are of all of its writings', () => {
    const mexican = [...formsOf('5215512345678')];
    expect(mexican).toEqual(
      expect.arrayContaining(['5215512345678', '525512345678', '5512345678', '05512345678', '5205512345678']),
    );
    // That is somebody’s in the United States.
    expect(mexican).not.toContain('15512345678');
    expect([...formsOf('79161234567')]).toEqual(
      expect.arrayContaining(['79161234567', '89161234567', '9161234567', '09161234567']),
    );
  });

  it('are in the field of a number alone, or within what names one', () => {
    const fields = fieldsOf('5215512345678');
    for (const form of formsOf('5215512345678')) expect(fields).toContain(form);
    for (const field of ['whatsapp:+525512345678', 'tel:5215512345678', '5215512345678@s.whatsapp.net'])
      expect(fields).toContain(field);
    expect(fields).not.toContain('whatsapp:+5512345678');
  });

  it('have the code of their country, and of no other, left out', () => {
    for (const [number, code] of [
      ...[
        ['441234567890', 2],
        ['393331234567', 2],
        ['351912345678', 3],
        ['971501234567', 3],
      ],
      ...[
        ['5215512345678', 3],
        ['89161234567', 1],
        ['5491112345678', 2],
        ['18005551234', 1],
      ],
    ] as const)
      expect([number, partsOf(number).code]).toEqual([number, code]);
  });
});
