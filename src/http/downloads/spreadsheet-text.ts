/** Where a spreadsheet begins a cell: at the start of the text, and behind what may be its separator in some country. */
const cellStart = String.raw`(?<=^|[,;\t\r\n])`;
/** Spreadsheets trim blanks, and drop what nobody sees. */
const blanks = String.raw`[\s\u200b-\u200f\u2060\ufeff]*`;
const apostrophe = "'";
/** Narrow and full-width; Excel's `-` is also the minus of typography, its `@` begins a formula of Lotus 1-2-3. */
const formula = '[=+\\-@\uff1d\uff0b\uff0d\uff20\u2212]';

/** Behind another country's separator a quote of the text is taken for one around a cell, and dropped. */
const dropped = String.raw`[\s"\u200b-\u200f\u2060\ufeff]*`;

const formulas = new RegExp(
  String.raw`${cellStart}(?=${dropped}(?:${formula}|${apostrophe})|[\t\r\n])`,
  'gu',
);
/**
 * What a spreadsheet writes as another number, or as a date: of a number it drops leading zeros, shows no more than 11
 * digits, and keeps no more than 15.
 */
const changed = new RegExp(
  String.raw`^${blanks}(?:0\d|\d{12}|[\d.,]+[eE]\d|\d+[.,:/-]\d|\d+${blanks}%)[\d\s.,:/eE%+-]*${blanks}$`,
  'u',
);

/**
 * A text as a cell that every spreadsheet shows as it is: with an apostrophe before what would be run as a formula, or
 * written as another number. A text that begins with an apostrophe gets one more, so that it is known which to take off.
 */
export function spreadsheetText(text: string): string {
  const safe = text.replaceAll(formulas, apostrophe);
  return changed.test(text) && !safe.startsWith(apostrophe) ? apostrophe + safe : safe;
}
