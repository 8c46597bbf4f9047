import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spreadsheetText } from './spreadsheet-text.ts';

/** What a reader does that wants the texts: takes off the apostrophe that a cell begins with, at most one each. */
const asItWas = (cell: string) => cell.replaceAll(/(?<=^|[,;\t\r\n])'/gu, '');

/** Whether Excel, LibreOffice, Numbers or Sheets would take it for a formula. */
const isRun = (cell: string) => /^\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/u.test(cell);

describe('a text in a spreadsheet', () => {
  it.each([
    '=1+1',
    '+1+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    ' =1',
    '\u200b=1',
    '＝1',
    '＋1',
    '－1',
    '＠A',
  ])('is no formula: %j', (text) => {
    expect(spreadsheetText(text)[0]).toBe("'");
    expect(asItWas(spreadsheetText(text))).toBe(text);
  });

  it.each([
    ['a;=1+1', "a;'=1+1"],
    ['a,@x', "a,'@x"],
    ['a\t+1', "a\t'+1"],
    ['12,5,-3', "'12,5,'-3"],
    ['a;"=1+1', `a;'"=1+1`],
  ])('is none behind what another country separates cells with: %j', (text, shown) => {
    expect(spreadsheetText(text)).toBe(shown);
  });

  it.each([
    '81934341034091431',
    '919812345678',
    '000',
    '01',
    '1E5',
    '1.5e10',
    '12-5',
    '3/4',
    '10:15',
    '1.2',
    '5 %',
  ])('is no other number, and no date: %s', (text) => expect(spreadsheetText(text)).toBe(`'${text}`));

  it.each([
    ...['', 'delivered', '0', '5', '503', '12345678901', 'shdgMj33hk8', 'wamid.HBgM', 'dlv_1', 'a=b', 'a-b'],
    ...['•••• 5678', 'Asha Rao', '12 Main St', '2026-11-22T10:15:30.000Z', "O'Neil", '1e', '7-eleven'],
  ])('stays as it is where it is safe: %j', (text) => expect(spreadsheetText(text)).toBe(text));

  it('can be had back, whatever it was, and is never run', () => {
    const risky = fc.string({
      unit: fc.constantFrom(...'=+-@,;\'"\t\r\n 0129eE.:/%a＝＋', '\u200b', '\ufeff'),
    });
    fc.assert(
      fc.property(fc.oneof(risky, fc.string({ unit: 'grapheme' })), (text) => {
        const cell = spreadsheetText(text);
        expect(asItWas(cell)).toBe(text);
        for (const part of cell.split(/[,;\t\r\n]/u)) expect(isRun(part)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});
