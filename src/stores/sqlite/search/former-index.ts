import type { DatabaseSync } from 'node:sqlite';
import type { TermRange } from '../../search/number-terms.ts';
import { bucketCount, bucketOf } from '../../search/terms.ts';
import { prepare } from '../reader/work.ts';
import type { Span } from './found.ts';
import { decodePairs, findInSorted } from './pairs.ts';

/** Runs of before `migrations/027-search-index.ts`, of 256 buckets each: they stay as they are until they are dropped. */
export interface FormerRun {
  readonly run: number;
  readonly last: number;
}

export function formerRuns(db: DatabaseSync, { from, before }: Span): readonly FormerRun[] {
  const rows = prepare(db, 'SELECT run, last FROM search_runs WHERE first < ? AND last >= ?').all(
    before,
    from,
  );
  return rows as unknown as FormerRun[];
}

/** The numbers of these terms, falling. */
export function inFormerRun(
  db: DatabaseSync,
  run: number,
  ranges: readonly TermRange[],
  span: Span,
): readonly number[] {
  const bucket = prepare(db, 'SELECT terms FROM search_buckets WHERE id = ?');
  const found: number[] = [];
  for (const { from, before } of ranges) {
    const blob = bucket.get(run * bucketCount + bucketOf(from))?.terms;
    if (!blob) continue;
    for (const seq of findInSorted(decodePairs(blob as Uint8Array), from, before)) {
      if (seq >= span.from && seq < span.before) found.push(seq);
    }
  }
  return found.sort((a, b) => b - a);
}
