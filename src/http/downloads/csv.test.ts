import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { createCsv, type Separator, separators } from './csv.ts';

type Row = readonly [string, number | null, string | null];

const columns = [
  { header: 'a', of: ([a]: Row) => a },
  { header: 'b', of: ([, b]: Row) => b },
  { header: 'c', of: ([, , c]: Row) => c },
];

const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'=+-@,;\'"\t\r\n 019eE.:/%a＝＋', '\u200b', '\ufeff') }),
  fc.string({ unit: 'grapheme' }),
);
const row = fc.tuple(text, fc.option(fc.nat()), fc.option(text));
const rows = fc.array(row, { minLength: 1, maxLength: 5 });
const anySeparator = fc.constantFrom<Separator>('comma', 'semicolon');

const write = (items: readonly Row[], separator: Separator) => {
  const csv = createCsv(columns, separator);
  return csv.begin() + csv.rows(items);
};
const asItWas = (cell: string) => cell.replaceAll(/(?<=^|[,;\t\r\n])'/gu, '');

describe('CSV', () => {
  it('is read by others as it was written, and gives every text back', () => {
    fc.assert(
      fc.property(rows, anySeparator, (items, separator) => {
        const file = write(items, separator);
        const { data, errors } = Papa.parse<string[]>(file, {
          delimiter: separators[separator],
          newline: '\r\n',
        });
        expect(errors).toEqual([]);
        const read = data.slice(1, -1).map((cells) => cells.map(asItWas));
        expect(data[0]).toEqual(['a', 'b', 'c']);
        expect(read).toEqual(items.map((cells) => cells.map((cell) => String(cell ?? ''))));
      }),
      { numRuns: 1_000 },
    );
  });

  it('has no formula, also where it is read with the separator of another country', () => {
    fc.assert(
      fc.property(rows, anySeparator, (items, separator) => {
        for (const cell of write(items, separator).split(/[,;\t\r\n]/u)) {
          expect(cell).not.toMatch(/^[\s"\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]/u);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('has CRLF, quotes texts alone, and leaves what is not known empty', () => {
    const file = write(
      [
        ['a "b", c', 5, null],
        ['', null, '007'],
      ],
      'comma',
    );
    expect(file).toBe(`\ufeff"a","b","c"\r\n"a ""b"", c",5,\r\n,,"'007"\r\n`);
  });
});
