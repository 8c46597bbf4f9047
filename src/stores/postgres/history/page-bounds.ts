import { mostPageBytes } from '../../sql/listed-rows.ts';
import type { Asking } from '../questions/questions.ts';

/** What ends a page before it has the rows that were asked for. */
export interface PageBounds {
  /** Rows were read for the page, and bytes of events. */
  examined(rows: number, bytes: number): void;
  /** Something is on the page. */
  added(bytes: number): void;
  /** The page has cost enough, or is large enough. */
  readonly full: boolean;
}

/**
 * How long is looked for one page, ms, and how much always is, so that also with a slow database a page is short only where
 * little matches or what was looked through is large. Spans of time with nothing in them cost nothing: there are 20 of a year.
 */
const longestMs = 250;
const alwaysExamined = 10_000;
const alwaysRead = 16 * 1024 * 1024;

export function createPageBounds(asking: Pick<Asking, 'spentMs'>): PageBounds {
  let rows = 0;
  let read = 0;
  let size = 0;
  return {
    examined(more, bytes) {
      rows += more;
      read += bytes;
    },
    added(bytes) {
      size += bytes;
    },
    get full() {
      if (size >= mostPageBytes) return true;
      return (rows >= alwaysExamined || read >= alwaysRead) && asking.spentMs() > longestMs;
    },
  };
}
