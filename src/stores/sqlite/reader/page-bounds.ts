import { mostPageBytes } from '../../sql/listed-rows.ts';
import type { Effort } from './work.ts';

/** What ends a page before it has the rows that were asked for. */
export interface PageBounds {
  /** Something was looked at for the page: rows, and bytes of events that were read for it. */
  examined(bytes: number): void;
  /** Something is on the page. */
  added(bytes: number): void;
  /** The page has cost enough, or is large enough. */
  readonly full: boolean;
}

/**
 * How long is looked for one page, and how much always is (some 3 µs a row, and 0.2 ms for 250 KB of an event), so that
 * also on a busy machine a page is short only where little matches or what was looked through is large.
 */
const longestMs = 50;
const alwaysExamined = 5_000;
const alwaysRead = 64 * 1024 * 1024;
/** The clock is looked at every so many rows. */
const clockEvery = 128;

export function createPageBounds(effort: Effort): PageBounds {
  let rows = 0;
  let read = 0;
  let size = 0;
  let late = false;
  return {
    examined(bytes) {
      rows++;
      read += bytes;
      const enough = rows >= alwaysExamined || read >= alwaysRead;
      if (enough && (rows % clockEvery === 0 || bytes > 0)) late ||= effort.spentMs() > longestMs;
    },
    added(bytes) {
      size += bytes;
    },
    get full() {
      return late || size >= mostPageBytes;
    },
  };
}
