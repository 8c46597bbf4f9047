import type { ErasedKind, ErasureCounts } from '../ports/erasures.ts';

/** Counts within one transaction. */
export interface Tally {
  add(kind: ErasedKind, number?: number): void;
  readonly counts: ErasureCounts;
}

export function createTally(): Tally {
  const counts: Partial<Record<ErasedKind, number>> = {};
  return {
    counts,
    add(kind, number = 1) {
      counts[kind] = (counts[kind] ?? 0) + number;
    },
  };
}
