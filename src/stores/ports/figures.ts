/** What waits right now. */
export interface WaitingFigures {
  /** Deliveries that wait for an attempt; at most `countedAtMost` are counted. */
  readonly waiting: number;
  /** When the delivery came that waits longest for its first attempt, of webhooks that are enabled; ms, `null`: none. */
  readonly oldestPendingAt: number | null;
}

/** What the store holds right now, for whoever watches over it. */
export interface StoreFigures extends WaitingFigures {
  /** Bytes by part of the store. */
  readonly bytes: Readonly<Record<string, number>>;
}

/** Counting a million takes 60 ms of a thread that has other work too. */
export const countedAtMost = 1_000_000;

/** What waits for one webhook. */
export interface WebhookQueue {
  readonly webhookId: string;
  /** Deliveries that wait for an attempt; at most `queueCountedAtMost` are counted. */
  readonly waiting: number;
  /** When the delivery came that waits longest for its first attempt, ms; `null`: none does. */
  readonly oldestPendingAt: number | null;
}

export const queueCountedAtMost = 10_000;

export interface QueuesQuestion {
  /** So many of the enabled webhooks whose oldest delivery waits longest. */
  readonly longest: number;
  /** These too. */
  readonly also: readonly string[];
}

export interface StoreWatch {
  figures(): Promise<StoreFigures>;
  /** In no order. */
  queues(question: QueuesQuestion): Promise<readonly WebhookQueue[]>;
  /** Deliveries that have not ended, by account; accounts without any are left out. Some 50 ns a delivery. */
  waitingByAccount(): Promise<ReadonlyMap<string, number>>;
}
