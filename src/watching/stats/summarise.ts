import { type ErrorClass, errorClasses } from '../../core/delivery.ts';
import { bucketMs, type StatsRange, type StatsRow } from '../../stores/ports/stats.ts';
import type { Counts } from './counts.ts';
import { type Percentiles, percentilesOf } from './percentile.ts';
import { addRow, createTally, type Tally } from './tally.ts';

/** The figures of one stretch of time, ms since the Unix epoch. */
export interface StatsFigures {
  readonly from: number;
  readonly to: number;
  readonly attempts: number;
  /** Deliveries that were delivered. */
  readonly delivered: number;
  /** Deliveries that failed for good. */
  readonly failed: number;
  /** Failed attempts, by those classes that occurred. */
  readonly errors: { readonly [C in ErrorClass]?: number };
  /** Of attempts. */
  readonly durationMs: Percentiles;
  /** From acceptance to delivered, without replays by hand. */
  readonly latencyMs: Percentiles;
}

export interface StatsSummary {
  /** Every bucket of the range, the empty ones too. */
  readonly data: readonly StatsFigures[];
  readonly total: StatsFigures;
}

/** @param rows what is known of the range, in any order and any number to the bucket */
export function summarise({ from, to, bucket }: StatsRange, rows: readonly StatsRow[]): StatsSummary {
  const size = bucketMs[bucket];
  const tallies = new Map<number, Tally>();
  const all = createTally();
  for (const row of rows) {
    const start = Math.floor(row.from / size) * size;
    const tally = tallies.get(start) ?? createTally();
    tallies.set(start, tally);
    addRow(tally, row);
    addRow(all, row);
  }
  const data: StatsFigures[] = [];
  for (let start = from; start < to; start += size) {
    data.push(figuresOf(start, start + size, tallies.get(start) ?? createTally()));
  }
  return { data, total: figuresOf(from, to, all) };
}

function figuresOf(from: number, to: number, tally: Tally): StatsFigures {
  return {
    from,
    to,
    attempts: tally.attempts,
    delivered: tally.delivered,
    failed: tally.failed,
    errors: byClass(tally.errors),
    durationMs: percentilesOf(tally.durations),
    latencyMs: percentilesOf(tally.latencies),
  };
}

function byClass(counts: Counts): StatsFigures['errors'] {
  return Object.fromEntries(
    errorClasses.flatMap((name, position) => (counts[position] ? [[name, counts[position]]] : [])),
  );
}
