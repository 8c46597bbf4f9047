/** What the store holds right now, for whoever watches over it. */
export interface StoreFigures {
  /** Deliveries that wait for an attempt; at most `countedAtMost` are counted. */
  readonly waiting: number;
  /** When the delivery came that waits longest for its first attempt, of webhooks that are enabled; ms, `null`: none. */
  readonly oldestPendingAt: number | null;
  /** Bytes by part of the store. */
  readonly bytes: Readonly<Record<string, number>>;
}

/** Counting a million takes 60 ms of a thread that has other work too. */
export const countedAtMost = 1_000_000;

export interface StoreWatch {
  figures(): Promise<StoreFigures>;
}
