import type { Clock } from '../../core/clock.ts';
import type { AttemptRecord, Conclusion, QueuedDelivery } from '../../core/delivery.ts';
import { createWriteBehind } from '../../core/write-behind.ts';
import type { StatsRange, StatsStore, TotalsBucket } from '../../stores/ports/stats.ts';
import { createStatsCollector } from './collector.ts';
import { createReadWriteTurns } from './read-write-turns.ts';
import { type StatsSummary, summarise } from './summarise.ts';
import { type TotalsSummary, totalsOf } from './totals.ts';

/** Statistics are on disk after so long. A crash loses what came later; it loses nothing of events and deliveries. */
export const flushEveryMs = 5_000;

/** So that no write holds the store's lock for more than some ms. */
const rowsAtOnce = 100;

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
  ofAccount(accountId: string | null, range: StatsRange<TotalsBucket>): Promise<readonly TotalsSummary[]>;
  /** Writes what is left. Never rejects. */
  /** Resolves when what was counted until now is stored, as far as the disk takes it. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/**
 * ```text
 * attempt on disk ──▸ collector (memory, by webhook and minute) ──5 s──▸ store: minutes ──48 h──▸ hours ──35 d──▸ days (`upkeep/tidy-stats.ts`)
 * ```
 */
export function createStats({ store, clock, log, accountOf }: StatsOptions): Stats {
  const collector = createStatsCollector();
  let lostBefore = 0;
  // So that no minute is seen in memory and in the store at once, or in neither.
  const turns = createReadWriteTurns();
  const writing = createWriteBehind({
    ...{ backlog: collector, clock, afterMs: flushEveryMs, mostAtOnce: rowsAtOnce, inTurn: turns.write },
    async write(rows) {
      await store.add(rows);
      tellOfLost();
    },
    onFailure: (error) => log.warn({ err: error }, 'Statistics could not be saved; it is tried again.'),
  });

  function tellOfLost(): void {
    const attempts = collector.lost - lostBefore;
    if (attempts > 0) log.warn({ attempts }, 'Attempts are missing in the statistics.');
    lostBefore = collector.lost;
  }

  return {
    attempted(record, delivery) {
      collector.attempted(record, delivery);
      writing.soon();
    },
    concluded(conclusion, delivery) {
      collector.concluded(conclusion, delivery);
      writing.soon();
    },
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
    flush: writing.flush,
    close: writing.close,
  };
}
