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
  readonly identities: PairBuckets;
  /** Pairs (term, event or delivery). */
  readonly terms: PairBuckets;
  /** The last row of `index_tail` that the input covers. */
  readonly lastTailId: number;
  readonly run: number;
}

export function createFold(db: DatabaseSync, input: FoldInput): Fold {
  const insertIdentity = db.prepare('INSERT OR IGNORE INTO event_identities (term, event) VALUES (?, ?)');
  const insertBucket = db.prepare('INSERT OR REPLACE INTO search_buckets (id, terms) VALUES (?, ?)');
  // One step is one bucket of both.
  let step = 0;

  function doStep(): void {
    const sorted = sortPairs(input.identities.of(step));
    for (let i = 0; i < sorted.length; i += 2) insertIdentity.run(sorted[i] ?? 0, sorted[i + 1] ?? 0);
    const bucket = input.terms.of(step);
    if (bucket.length > 0) insertBucket.run(input.run * bucketCount + step, bytesOf(sortPairs(bucket)));
    step++;
    if (step === bucketCount) finish();
  }

  function finish(): void {
    if (input.terms.pairs > 0) {
      const { first, last } = input.terms;
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

/** Pairs (term, sequence number) by the bucket of their term, put there as they come: for a fold at once it took 15 to 40 ms. */
export interface PairBuckets {
  readonly pairs: number;
  /** The smallest and the largest sequence number. */
  readonly first: number;
  readonly last: number;
  add(term: number, seq: number): void;
  of(bucket: number): readonly number[];
}

export function createPairBuckets(): PairBuckets {
  const buckets = Array.from({ length: bucketCount }, (): number[] => []);
  let pairs = 0;
  let first = Number.MAX_SAFE_INTEGER;
  let last = 0;
  return {
    get pairs() {
      return pairs;
    },
    get first() {
      return first;
    },
    get last() {
      return last;
    },
    add(term, seq) {
      buckets[bucketOf(term)]?.push(term, seq);
      first = Math.min(first, seq);
      last = Math.max(last, seq);
      pairs++;
    },
    of: (bucket) => buckets[bucket] ?? [],
  };
}
