import type { Counts } from './counts.ts';
import { bucketAt } from './scale.ts';

export interface Percentiles {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/**
 * The value (ms) that a share `q` of all does not exceed, `null` of none. It lies in the bucket of the true value and is
 * interpolated there, so it is off by less than the bucket's width; beyond the scale it is the scale's end.
 */
export function percentile(counts: Counts, q: number): number | null {
  let total = 0;
  for (const count of counts) total += count ?? 0;
  if (total === 0) return null;
  const rank = Math.max(1, Math.ceil(q * total));
  let before = 0;
  for (let position = 0; position < counts.length; position++) {
    const count = counts[position] ?? 0;
    if (before + count >= rank) {
      const { fromMs, toMs } = bucketAt(position);
      return fromMs + ((toMs - fromMs) * (rank - before)) / count;
    }
    before += count;
  }
  return null;
}

export function percentilesOf(counts: Counts): Percentiles {
  const at = (q: number): number | null => {
    const value = percentile(counts, q);
    return value === null ? null : Math.round(value * 10) / 10;
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
