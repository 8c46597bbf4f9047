import type { Clock, Timer } from '../../core/clock.ts';
import type { AttemptRecord, Conclusion, QueuedDelivery } from '../../core/delivery.ts';
import { bucketMs, type StatsStore } from '../../stores/ports/stats.ts';
import { createStatsCollector } from './collector.ts';
import { horizonAt, type StatsRange } from './range.ts';
import { createReadWriteTurns } from './read-write-turns.ts';
import { type StatsSummary, summarise } from './summarise.ts';
import { type TotalsRange, type TotalsSummary, totalsOf } from './totals.ts';

/** Statistics are on disk after so long. A crash loses what came later; it loses nothing of events and deliveries. */
export const flushEveryMs = 5_000;

/** Rows of one write and of one tidying at most, so that none holds the store's write lock for more than some ms. */
const rowsAtOnce = 100;
const tidiedAtOnce = 100;
const tidyingsAtOnce = 10;

export interface StatsOptions {
  readonly store: StatsStore;
  readonly clock: Clock;
  readonly log: { warn(details: object, message: string): void };
  /** Of a webhook that is not deleted. */
  readonly accountOf: (webhookId: string) => string | undefined;
}

/** Counts what happens at each webhook, and answers for charts. */
export interface Stats {
  /** Hears of every attempt; cheap. */
  attempted(record: AttemptRecord, delivery: QueuedDelivery): void;
  /** Hears of every delivery that ended without an attempt; cheap. */
  concluded(conclusion: Conclusion, delivery: QueuedDelivery): void;
  /** The figures of a webhook, with what is not on disk yet. */
  ofWebhook(webhookId: string, range: StatsRange): Promise<StatsSummary>;
  /** The counts of every webhook of an account (`null`: of all), with what is not on disk yet. */
  ofAccount(accountId: string | null, range: TotalsRange): Promise<readonly TotalsSummary[]>;
  /** Writes what is left. Never rejects. */
  close(): Promise<void>;
}

/**
 * ```text
 * attempt on disk ──▸ collector (memory, by webhook and minute) ──every 5 s──▸ store: minutes ──48 h──▸ hours ──35 d──▸ days
 * ```
 */
export function createStats({ store, clock, log, accountOf }: StatsOptions): Stats {
  const collector = createStatsCollector();
  let timer: Timer | null = null;
  let closed = false;
  let tidiedAt = 0;
  let warnedOf = 0;
  // So that no minute is seen in memory and in the store at once, or in neither.
  const turns = createReadWriteTurns();

  /** Resolves to how many rows these were. */
  async function flushSome(most: number): Promise<number> {
    const rows = collector.take(Math.min(rowsAtOnce, most));
    if (rows.length === 0) return 0;
    try {
      await store.add(rows);
    } catch (error) {
      collector.putBack(rows);
      throw error;
    }
    return rows.length;
  }

  async function flush(): Promise<void> {
    try {
      // What is counted meanwhile waits for the next time: busy webhooks would keep this at work without end.
      for (let left = collector.size; left > 0; ) {
        const some = await turns.write(() => flushSome(left));
        left = some === 0 ? 0 : left - some;
      }
      if (collector.lost > warnedOf) {
        log.warn({ attempts: collector.lost - warnedOf }, 'Attempts are missing in the statistics.');
        warnedOf = collector.lost;
      }
    } catch (error) {
      log.warn({ err: error }, 'Statistics could not be saved; it is tried again.');
    }
  }

  async function tidy(): Promise<void> {
    const now = clock.now();
    if (now - tidiedAt < bucketMs.minute) return;
    tidiedAt = now;
    try {
      for (let i = 0; i < tidyingsAtOnce && !closed; i++) {
        if ((await store.tidy(horizonAt(now), tidiedAtOnce)) === 0) return;
      }
      // There is more: the next time comes at once.
      tidiedAt = 0;
    } catch (error) {
      log.warn({ err: error }, 'Old statistics could not be tidied up; it is tried again.');
    }
  }

  function schedule(): void {
    if (closed) return;
    timer = clock.setTimer(() => void flush().then(tidy).then(schedule), flushEveryMs);
  }
  schedule();

  return {
    attempted: collector.attempted,
    concluded: collector.concluded,
    ofWebhook: (webhookId, range) =>
      turns.read(async () => {
        const asker = accountOf(webhookId) ?? null;
        const stored = await store.read({ asker, webhookId, ...range });
        return summarise(range, [...stored, ...collector.of(webhookId, range.from, range.to)]);
      }),
    ofAccount: (accountId, range) =>
      turns.read(async () => {
        const stored = await store.readTotals({ accountId, ...range });
        const waiting = collector
          .all(range.from, range.to)
          .filter(({ webhookId }) => accountId === null || accountOf(webhookId) === accountId);
        return totalsOf(range, stored, waiting);
      }),
    async close() {
      closed = true;
      timer?.cancel();
      await flush();
    },
  };
}
