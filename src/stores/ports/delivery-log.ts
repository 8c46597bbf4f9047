import type { AttemptRecord, QueuedDelivery } from '../../core/delivery.ts';
import type { Event } from '../../core/event.ts';

/** An event with the webhooks that get it. `event.id` is '' where the caller gave none. */
export interface NewEvent {
  readonly event: Event;
  /** What makes two events the same; see `intake/dedupe.ts`. */
  readonly dedupeKey: string;
  readonly webhookIds: readonly string[];
}

export type AppendResult =
  | {
      readonly result: 'accepted';
      readonly eventId: string;
      readonly acceptedAt: number;
      /** One per webhook, in the order of `webhookIds`. */
      readonly deliveryIds: readonly string[];
    }
  | { readonly result: 'duplicate'; readonly eventId: string; readonly deliveries: number };

/** What waits for one webhook, as a lane needs to know it at start. */
export interface WaitingSummary {
  readonly webhookId: string;
  /** There are deliveries that were never tried. */
  readonly pending: boolean;
  /** When the earliest retry is due. */
  readonly nextRetryAt: number | null;
}

/**
 * The work of the hot path. Answers come in the order of the calls: what a call returns is true for every call made
 * before it, which is what lets a lane reload without holding locks.
 */
export interface DeliveryLog {
  /** Stores events with their deliveries; resolves when they are on disk. Calls made meanwhile share a commit. */
  append(events: readonly NewEvent[]): Promise<readonly AppendResult[]>;
  /** Records attempts and their effect; resolves when they are on disk. */
  record(attempts: readonly AttemptRecord[]): Promise<void>;
  /** Never-tried deliveries of a webhook after the one given, in the order of arrival. */
  loadPending(
    webhookId: string,
    afterDeliveryId: string | null,
    limit: number,
  ): Promise<readonly QueuedDelivery[]>;
  /** Retries that are due at `now`, the most overdue first, and when the first that is not loaded is due. */
  loadRetries(
    webhookId: string,
    now: number,
    limit: number,
  ): Promise<{ readonly due: readonly QueuedDelivery[]; readonly nextRetryAt: number | null }>;
  /** Every webhook with something to do. */
  waiting(): Promise<readonly WaitingSummary[]>;
  /** Puts one delivery back in the queue, to be sent now; `null` when there is no such delivery. */
  requeue(deliveryId: string, now: number): Promise<QueuedDelivery | null>;
  /** Ends everything that waits for a webhook (it was deleted) with state `skipped`. Resolves to how many. */
  skipWaiting(webhookId: string, reason: string, now: number): Promise<number>;
}
