import type { DatabaseSync } from 'node:sqlite';
import { bytesOf, sortPairs } from '../search/pairs.ts';
import { bucketCount, bucketOf } from '../search/terms.ts';

/**
 * One fold moves the look-up terms of many events from `index_tail` to their sorted places, a share with every commit,
 * so that no commit waits long:
 *
 * ```text
 * index_tail ──▸ identities, sorted ──▸ event_identities (B-tree)
 *            └─▸ terms, by bucket   ──▸ search_buckets   (256 sorted blobs = one run)
 * done: run becomes visible and its part of the tail goes, in one transaction
 * ```
 */
export interface Fold {
  /** Does at least `share` (0 … 1) of the whole work; call inside a transaction. */
  advance(share: number): void;
  readonly done: boolean;
  /** Where it stands, to go back to when the transaction fails. */
  position(): number;
  rewind(position: number): void;
}

export interface FoldInput {
  /** Pairs (term, event). */
  readonly identities: readonly number[];
  /** Pairs (term, event or delivery). */
  readonly terms: readonly number[];
  /** The last row of `index_tail` that the input covers. */
  readonly lastTailId: number;
  readonly run: number;
}

export function createFold(db: DatabaseSync, input: FoldInput): Fold {
  const insertIdentity = db.prepare('INSERT OR IGNORE INTO event_identities (term, event) VALUES (?, ?)');
  const insertBucket = db.prepare('INSERT OR REPLACE INTO search_buckets (id, terms) VALUES (?, ?)');
  const identities = distribute(input.identities);
  const terms = distribute(input.terms);
  let first = Number.MAX_SAFE_INTEGER;
  let last = 0;
  for (let i = 1; i < input.terms.length; i += 2) {
    const seq = input.terms[i] ?? 0;
    first = Math.min(first, seq);
    last = Math.max(last, seq);
  }

  // One step is one bucket of both.
  let step = 0;

  function doStep(): void {
    const sorted = sortPairs(identities[step] ?? []);
    for (let i = 0; i < sorted.length; i += 2) insertIdentity.run(sorted[i] ?? 0, sorted[i + 1] ?? 0);
    const bucket = terms[step] ?? [];
    if (bucket.length > 0) insertBucket.run(input.run * bucketCount + step, bytesOf(sortPairs(bucket)));
    step++;
    if (step === bucketCount) finish();
  }

  function finish(): void {
    if (input.terms.length > 0) {
      db.prepare('INSERT INTO search_runs (run, first, last) VALUES (?, ?, ?)').run(input.run, first, last);
    }
    db.prepare('DELETE FROM index_tail WHERE id <= ?').run(input.lastTailId);
  }

  return {
    advance(share) {
      const steps = Math.min(bucketCount - step, Math.max(1, Math.ceil(share * bucketCount)));
      for (let i = 0; i < steps; i++) doStep();
    },
    get done() {
      return step === bucketCount;
    },
    position: () => step,
    rewind(position) {
      step = position;
    },
  };
}

function distribute(pairs: readonly number[]): number[][] {
  const buckets = Array.from({ length: bucketCount }, (): number[] => []);
  for (let i = 0; i < pairs.length; i += 2) {
    const term = pairs[i] ?? 0;
    buckets[bucketOf(term)]?.push(term, pairs[i + 1] ?? 0);
  }
  return buckets;
}
