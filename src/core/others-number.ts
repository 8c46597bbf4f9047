import type { DigitWindow } from './digit-window.ts';
import { partsOf } from './number-writings.ts';

/** So many a run remembers. */
const remembered = 16;

/**
 * Whether the digits that a run ends with, which are the last eight of a number or more, are those of somebody else's: other
 * digits stand directly before them that the number has not there, or a part of its country code. A `0` of a national form is
 * no such digit.
 *
 * @example of 919812345678: `919712345678`, `1712345678000` and `19812345678` are others', `09812345678`, `12345678` and
 * `7 12345678` are not
 * @param hasGaps whether something may stand between two digits, so that they are not one number's
 */
export function isOthers(run: DigitWindow, number: string, hasGaps: boolean): boolean {
  const oldest = Math.max(0, run.count - remembered);
  let first = run.count;
  for (let at = number.length; first > oldest && at > 0; first--, at--) {
    if (run.value(first - 1) !== Number(number[at - 1])) break;
  }
  const code = number.slice(0, number.length - (run.count - first));
  if (code === '') return false;
  const parts = partsOf(number);
  if (run.count - first < parts.fewest) return true;
  const joins = (index: number): boolean =>
    index >= oldest && (!hasGaps || run.place(index) + run.length(index) === run.place(index + 1));
  let before = first - 1;
  while (joins(before) && run.value(before) === 0) before--;
  if (!joins(before)) return before === first - 1 && code.length < parts.code && joins(first);
  // `+44(0)20…`, without its brackets.
  const isOwnCode = before < first - 1 && run.text(before + 1 - code.length, before + 1) === code;
  return !isOwnCode;
}
