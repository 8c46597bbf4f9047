import type { KeepTimes } from '../../core/keeping.ts';

/** How long what belongs to accounts is kept. */
export interface Keeps {
  /** Of accounts that are not among `own`. */
  readonly ofAll: KeepTimes;
  /** By account. */
  readonly own: ReadonlyMap<string, KeepTimes>;
}

/** `payload`: when contents are cut. `log`: when the rest goes too. */
export type RetentionClock = 'payload' | 'log';

export interface CutRequest {
  readonly now: number;
  /** How long this piece may take, ms: it ends with the event at which it has taken as long. */
  readonly mostMs: number;
}

/** Waiting deliveries of one webhook whose time is over. */
export interface OverdueDeliveries {
  readonly webhookId: string;
  readonly deliveryIds: readonly string[];
}

/** How far a clock has come. */
export interface ClockProgress {
  /** All that was accepted before has been dealt with, but for `left` events; ms. `null`: nothing of it ends. */
  readonly doneUpTo: number | null;
  /** How much older that is than it should be: at most some seconds, but for a backlog. */
  readonly behindMs: number;
  /** Events that it has passed and that something still needs: a delivery that waits, or is under way. */
  readonly left: number;
}

/** How far the clocks have come, and what was done since the start. */
export interface RetentionStatus extends Readonly<Record<RetentionClock, ClockProgress>> {
  /** Events whose contents went. */
  readonly cut: number;
  /** Events that went. */
  readonly dropped: number;
}

/** What a piece has done. */
export interface CutPiece {
  /** Events whose contents went. */
  readonly cut: number;
  /** Events that went with all that hung on them. */
  readonly dropped: number;
  /** They hold up their events, and are to be ended by whoever sends. */
  readonly overdue: readonly OverdueDeliveries[];
  readonly tookMs: number;
  /** Others had something to write a moment ago. */
  readonly isBusy: boolean;
  /** There is no more to do now. */
  readonly isDone: boolean;
  readonly progress: Readonly<Record<RetentionClock, ClockProgress>>;
}

/**
 * Ends what is kept for too long, a piece at a time. Each piece and how far it has come are on disk together, or neither.
 *
 * - An event whose payload's clock has run out keeps its log (`core/cut-event.ts`), and its attempts what they came to.
 * - One whose log's clock has run out goes, with its deliveries, their attempts, and all that finds them.
 * - One of which a delivery waits is left, and the delivery told of as overdue, until it has ended.
 */
export interface Retention {
  /** From the next piece on; changes of an account's clock hold for all that it has. */
  keep(keeps: Keeps): Promise<void>;
  cut(request: CutRequest): Promise<CutPiece>;
}
