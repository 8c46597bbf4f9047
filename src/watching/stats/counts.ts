import type { SparseCounts } from '../../stores/ports/stats.ts';

/** Counts by position; a hole is 0. */
export type Counts = number[];

export function increment(counts: Counts, position: number): void {
  counts[position] = (counts[position] ?? 0) + 1;
}

export function addSparse(counts: Counts, sparse: SparseCounts): void {
  for (let i = 0; i < sparse.length; i += 2) {
    const position = sparse[i] ?? 0;
    counts[position] = (counts[position] ?? 0) + (sparse[i + 1] ?? 0);
  }
}

export function toSparse(counts: Counts): SparseCounts {
  const sparse: number[] = [];
  for (let position = 0; position < counts.length; position++) {
    const count = counts[position];
    if (count) sparse.push(position, count);
  }
  return sparse;
}
