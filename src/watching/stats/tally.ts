import type { StatsRow } from '../../stores/ports/stats.ts';
import { addSparse, type Counts, toSparse } from './counts.ts';

/** What is counted of one webhook in one stretch of time; the fields are those of {@link StatsRow}. */
export interface Tally {
  attempts: number;
  delivered: number;
  failed: number;
  readonly errors: Counts;
  readonly durations: Counts;
  readonly latencies: Counts;
}

export function createTally(): Tally {
  return { attempts: 0, delivered: 0, failed: 0, errors: [], durations: [], latencies: [] };
}

export function addRow(tally: Tally, row: StatsRow): void {
  tally.attempts += row.attempts;
  tally.delivered += row.delivered;
  tally.failed += row.failed;
  addSparse(tally.errors, row.errors);
  addSparse(tally.durations, row.durations);
  addSparse(tally.latencies, row.latencies);
}

/** @param from the start of the stretch, ms since the Unix epoch */
export function rowOf(webhookId: string, from: number, tally: Tally): StatsRow {
  return {
    webhookId,
    from,
    attempts: tally.attempts,
    delivered: tally.delivered,
    failed: tally.failed,
    errors: toSparse(tally.errors),
    durations: toSparse(tally.durations),
    latencies: toSparse(tally.latencies),
  };
}
