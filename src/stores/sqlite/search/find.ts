import type { DatabaseSync } from 'node:sqlite';
import { decodePairs, findInSorted, findInUnsorted } from './pairs.ts';
import { bucketCount, bucketOf } from './terms.ts';

/** A stretch of sequence numbers: `from` ≤ number < `before`. */
export interface Span {
  readonly from: number;
  readonly before: number;
}

/**
 * The sequence numbers that a term was noted for, newest first, read run by run as they are asked for (a run costs
 * about 10 µs). Call inside a read transaction, so that a fold that ends meanwhile moves nothing.
 */
export function* findByTerm(db: DatabaseSync, term: number, span: Span): Generator<number> {
  const inSpan = (seq: number): boolean => seq >= span.from && seq < span.before;
  const recent: number[] = [];
  for (const row of db.prepare('SELECT terms FROM index_tail').iterate()) {
    recent.push(...findInUnsorted(decodePairs(row.terms as Uint8Array), term).filter(inSpan));
  }
  yield* recent.sort((a, b) => b - a);

  const bucketBlob = db.prepare('SELECT terms FROM search_buckets WHERE id = ?');
  const runs = db.prepare('SELECT run FROM search_runs WHERE first < ? AND last >= ? ORDER BY run DESC');
  for (const { run } of runs.all(span.before, span.from)) {
    const blob = bucketBlob.get(Number(run) * bucketCount + bucketOf(term))?.terms;
    if (blob)
      yield* findInSorted(decodePairs(blob as Uint8Array), term)
        .filter(inSpan)
        .reverse();
  }
}
