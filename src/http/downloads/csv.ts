import { stringify } from 'csv-stringify/sync';
import { spreadsheetText } from './spreadsheet-text.ts';

/** A column of a table: what its first row says, and what it has of an item. */
export interface Column<T> {
  readonly header: string;
  readonly of: (item: T) => string | number | null;
  /** Ours, as an instant or a word is, and safe in a spreadsheet as it is. */
  readonly isPlain?: boolean;
}

/** What stands between the fields; Excel takes that of its country alone. */
export const separators = { comma: ',', semicolon: ';' } as const;

export type Separator = keyof typeof separators;

/** Without it Excel takes UTF-8 for the character set of its country. */
const byteOrderMark = '\ufeff';

/** Writes items as CSV: RFC 4180 with CRLF, in UTF-8 with a byte order mark. */
export function createCsv<T>(columns: readonly Column<T>[], separator: Separator) {
  const write = (rows: readonly (readonly (string | number | null)[])[]) =>
    stringify(rows as (string | number | null)[][], {
      delimiter: separators[separator],
      record_delimiter: '\r\n',
      // So that a reader can tell texts, which are ids too, from numbers.
      quoted_string: true,
      quoted_empty: false,
    });
  return {
    begin: () => byteOrderMark + write([columns.map(({ header }) => header)]),
    rows: (items: readonly T[]) => write(items.map((item) => columns.map((column) => cellOf(column, item)))),
  };
}

function cellOf<T>({ of, isPlain = false }: Column<T>, item: T): string | number | null {
  const value = of(item);
  return typeof value === 'string' && !isPlain ? spreadsheetText(value) : value;
}
