/** How finely statistics are kept and asked for; all of UTC. */
export const statsBuckets = ['minute', 'hour', 'day'] as const;
export type StatsBucket = (typeof statsBuckets)[number];

export const bucketMs: Readonly<Record<StatsBucket, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** Counts that are not 0, each behind its position: `[3, 120, 5, 1]` is 120 at position 3 and 1 at position 5. */
export type SparseCounts = readonly number[];

/** What happened at one webhook within one bucket. */
export interface StatsRow {
  readonly webhookId: string;
  /** The bucket's start, ms since the Unix epoch. */
  readonly from: number;
  readonly attempts: number;
  /** Deliveries that were delivered. */
  readonly delivered: number;
  /** Deliveries that failed for good, with or without an attempt at the end. */
  readonly failed: number;
  /** Failed attempts by the position of their class in `errorClasses`. */
  readonly errors: SparseCounts;
  /** How long attempts took, by the position on the scale of `watching/stats/scale.ts`. */
  readonly durations: SparseCounts;
  /** From acceptance to delivered, on the same scale. */
  readonly latencies: SparseCounts;
}

/** Buckets that start before these instants (ms, each the start of the next coarser bucket) are no longer kept as such. */
export type StatsHorizon = Readonly<Record<StatsBucket, number>>;

/** How finely the counts of many webhooks are kept beside each other. */
export const totalsBuckets = ['hour', 'day'] as const satisfies StatsBucket[];
export type TotalsBucket = (typeof totalsBuckets)[number];

/** Which figures are asked for. Instants are ms since the Unix epoch. */
export interface StatsRange<Bucket extends StatsBucket = StatsBucket> {
  /** The start of the first bucket. */
  readonly from: number;
  /** The end of the last bucket. */
  readonly to: number;
  readonly bucket: Bucket;
}

/** The figures of one webhook. */
export interface StatsQuestion extends StatsRange {
  readonly webhookId: string;
}

/** The counts of many webhooks. */
export interface TotalsQuestion extends StatsRange<TotalsBucket> {
  /** `null`: every account's webhooks. */
  readonly accountId: string | null;
}

/** The counts of one webhook in those buckets that have any. */
export interface WebhookTotals {
  readonly webhookId: string;
  /** Four numbers a bucket, in order of time: its start, attempts, delivered, failed. */
  readonly counts: readonly number[];
}

/**
 * Counts by webhook and time. Minutes become hours and hours become days when they are old; a bucket's figures are the
 * sum of all that is kept of it.
 */
export interface StatsStore {
  /** Adds minutes to what is known of them: all or none. */
  add(minutes: readonly StatsRow[]): Promise<void>;
  /** The buckets that have anything, of those that start in `from` ≤ start < `to`, in order of time. */
  read(
    question: StatsQuestion & {
      /** The account in whose turn it is asked; `null`: an operator. */
      readonly asker: string | null;
    },
  ): Promise<readonly StatsRow[]>;
  /** All webhooks of an account that have anything in `from` ≤ start < `to`, deleted ones too, in no order. */
  readTotals(question: TotalsQuestion): Promise<readonly WebhookTotals[]>;
  /**
   * Turns old minutes into hours and old hours into days, and deletes old days; looks at no more than `limit` rows of
   * each, the oldest first. Hours and days of {@link StatsStore.readTotals} are deleted with theirs. Resolves to how
   * many rows it took away.
   */
  tidy(before: StatsHorizon, limit: number): Promise<number>;
}
