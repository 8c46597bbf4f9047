import {
  type AttemptRecord,
  type Conclusion,
  errorClasses,
  type QueuedDelivery,
} from '../../core/delivery.ts';
import { bucketMs, type StatsRow } from '../../stores/ports/stats.ts';
import { increment } from './counts.ts';
import { positionOf } from './scale.ts';
import { addRow, createTally, rowOf, type Tally } from './tally.ts';

/** Counts attempts and the ends of deliveries in memory until they are taken away to the store. */
export interface StatsCollector {
  /** Counts one attempt in the minute in which it ended: about 0.2 µs. */
  attempted(record: AttemptRecord, delivery: QueuedDelivery): void;
  /** Counts a delivery that failed without a further attempt, in the minute in which it ended. */
  concluded(conclusion: Conclusion, delivery: QueuedDelivery): void;
  /** Takes away the minutes of at most `limit` webhooks, the oldest first. */
  take(limit: number): StatsRow[];
  /** Counts again what could not be stored. */
  putBack(rows: readonly StatsRow[]): void;
  /** The minutes of one webhook that were not taken away, of those that start in `from` ≤ start < `to`. */
  of(webhookId: string, from: number, to: number): StatsRow[];
  /** The minutes of every webhook that were not taken away, as {@link StatsCollector.of}. */
  all(from: number, to: number): StatsRow[];
  /** Minutes of webhooks that were not taken away. */
  readonly size: number;
  /** Attempts, and deliveries that failed without one, that were not counted because too much waited for the store. */
  readonly lost: number;
}

const positionOfClass = new Map(errorClasses.map((name, position) => [name, position]));

/** @param most minutes of webhooks that may wait at once, some 500 bytes each */
export function createStatsCollector(most = 50_000): StatsCollector {
  const minutes = new Map<number, Map<string, Tally>>();
  let size = 0;
  let lost = 0;
  // Nearly all attempts end in the minute of the one before.
  let lastMinute = -1;
  let ofLastMinute = new Map<string, Tally>();

  function tallyOf(minute: number, webhookId: string): Tally | undefined {
    if (minute !== lastMinute) {
      ofLastMinute = minutes.get(minute) ?? new Map();
      minutes.set(minute, ofLastMinute);
      lastMinute = minute;
    }
    const known = ofLastMinute.get(webhookId);
    if (known || size >= most) return known;
    const tally = createTally();
    ofLastMinute.set(webhookId, tally);
    size++;
    return tally;
  }

  function forget(minute: number): void {
    minutes.delete(minute);
    if (minute === lastMinute) lastMinute = -1;
  }

  return {
    attempted(record, { acceptedAt }) {
      const endedAt = record.startedAt + record.durationMs;
      const tally = tallyOf(Math.floor(endedAt / bucketMs.minute), record.webhookId);
      if (!tally) {
        lost++;
        return;
      }
      tally.attempts++;
      increment(tally.durations, positionOf(record.durationMs));
      if (record.errorClass !== null) increment(tally.errors, positionOfClass.get(record.errorClass) ?? 0);
      const { state } = record.after;
      if (state === 'delivered') {
        tally.delivered++;
        if (!record.manual) increment(tally.latencies, positionOf(endedAt - acceptedAt));
      } else if (state === 'failed') tally.failed++;
    },

    concluded({ at, after }, { webhookId }) {
      if (after.state !== 'failed') return;
      const tally = tallyOf(Math.floor(at / bucketMs.minute), webhookId);
      if (tally) tally.failed++;
      else lost++;
    },

    take(limit) {
      const rows: StatsRow[] = [];
      for (const minute of [...minutes.keys()].sort((a, b) => a - b)) {
        const webhooks = minutes.get(minute) ?? new Map<string, Tally>();
        for (const [webhookId, tally] of webhooks) {
          if (rows.length === limit) return rows;
          rows.push(rowOf(webhookId, minute * bucketMs.minute, tally));
          webhooks.delete(webhookId);
          size--;
        }
        forget(minute);
      }
      return rows;
    },

    putBack(rows) {
      for (const row of rows) {
        const tally = tallyOf(Math.floor(row.from / bucketMs.minute), row.webhookId);
        if (tally) addRow(tally, row);
        else lost += Math.max(row.attempts, row.delivered + row.failed);
      }
    },

    of(webhookId, from, to) {
      const rows: StatsRow[] = [];
      for (const [minute, webhooks] of minutes) {
        const start = minute * bucketMs.minute;
        const tally = start >= from && start < to ? webhooks.get(webhookId) : undefined;
        if (tally) rows.push(rowOf(webhookId, start, tally));
      }
      return rows;
    },

    all(from, to) {
      const rows: StatsRow[] = [];
      for (const [minute, webhooks] of minutes) {
        const start = minute * bucketMs.minute;
        if (start < from || start >= to) continue;
        for (const [webhookId, tally] of webhooks) rows.push(rowOf(webhookId, start, tally));
      }
      return rows;
    },

    get size() {
      return size;
    },
    get lost() {
      return lost;
    },
  };
}
