import type { DatabaseSync } from 'node:sqlite';
import { prepare } from '../reader/work.ts';
import type { TermRange } from './number-terms.ts';
import { decodePairs, findAnyInUnsorted, findInSorted, findRangesInUnsorted } from './pairs.ts';
import { bucketCount, bucketOf } from './terms.ts';

/** A stretch of sequence numbers: `from` ≤ number < `before`. */
export interface Span {
  readonly from: number;
  readonly before: number;
}

/** Sequence numbers; at each `null` others may get between. */
export type Found = Generator<number | null, void, void>;

/** {@link findByTerms} for one term. */
export function findByTerm(db: DatabaseSync, term: number, span: Span): Found {
  return findByTerms(db, [term], span);
}

/**
 * The sequence numbers that any of these terms was noted for, newest first, read run by run as they are asked for (a
 * term costs about 10 µs in a run; what is not folded yet is read once for all of them, 3 ms at most). A fold that ends
 * between two slices moves what was given already to where it is found again: whoever walks takes falling numbers only.
 *
 * A part of an event is noted behind what others stored since its first part (`writer/fan-outs.ts`), so a run may have
 * numbers below some of the runs before it: these wait for them.
 */
export function findByTerms(db: DatabaseSync, terms: readonly number[], span: Span): Found {
  const wanted = new Set(terms);
  const ranges = [...wanted].map((term) => ({ from: term, before: term + 1 }));
  return find(db, ranges, span, (pairs) => findAnyInUnsorted(pairs, wanted));
}

/** {@link findByTerms} for all terms of a few ranges. */
export function findByRanges(db: DatabaseSync, ranges: readonly TermRange[], span: Span): Found {
  return find(db, ranges, span, (pairs) => findRangesInUnsorted(pairs, ranges));
}

function* find(
  db: DatabaseSync,
  ranges: readonly TermRange[],
  span: Span,
  inTail: (pairs: Float64Array) => number[],
): Found {
  /** What was read and is not given yet: where older runs have higher numbers. */
  let found: number[] = [];
  function newestFirst(above: number): number[] {
    const falling = found.filter((seq) => seq >= span.from && seq < span.before).sort((a, b) => b - a);
    const certain = falling.filter((seq) => seq > above);
    found = falling.slice(certain.length);
    return certain;
  }

  for (const row of prepare(db, 'SELECT terms FROM index_tail').iterate()) {
    for (const seq of inTail(decodePairs(row.terms as Uint8Array))) found.push(seq);
  }

  const bucketBlob = prepare(db, 'SELECT terms FROM search_buckets WHERE id = ?');
  const runs = prepare(
    db,
    `SELECT run, max(last) OVER (ORDER BY run) AS highest FROM search_runs WHERE first < ? AND last >= ?
     ORDER BY run DESC`,
  );
  for (const { run, highest } of runs.all(span.before, span.from)) {
    yield* newestFirst(Number(highest));
    yield null;
    for (const { from, before } of ranges) {
      const blob = bucketBlob.get(Number(run) * bucketCount + bucketOf(from))?.terms;
      if (!blob) continue;
      for (const seq of findInSorted(decodePairs(blob as Uint8Array), from, before)) found.push(seq);
    }
  }
  yield* newestFirst(Number.NEGATIVE_INFINITY);
}
