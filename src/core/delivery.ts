import type { Event } from './event.ts';

/**
 * ```text
 * pending ──▸ delivered
 *    │  ▲        │ replay
 *    ▼  │ due    ▼
 * retrying ◂─────┘      pending, retrying ──▸ failed (no attempts left, too late)
 *                       pending, retrying ──▸ skipped (webhook deleted, status not wanted …)
 * ```
 */
export const deliveryStates = ['pending', 'retrying', 'delivered', 'failed', 'skipped'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** Why an attempt did not succeed; stable codes that the API, the portal and metrics show. */
export const errorClasses = [
  'dns',
  'refused',
  'reset',
  'tls',
  'timeout_connect',
  'timeout_headers',
  'timeout_body',
  'blocked_address',
  'redirect',
  'too_large',
  'invalid_response',
  'status',
  'body_mismatch',
  'render',
  'too_long',
] as const;
export type ErrorClass = (typeof errorClasses)[number];

/** One event on its way to one webhook. */
export interface QueuedDelivery {
  /** `dlv_…`; also the `webhook-id` of every attempt and replay. */
  readonly id: string;
  readonly webhookId: string;
  readonly event: Event;
  /** When the event was accepted. */
  readonly acceptedAt: number;
  /** Its place among its webhook's never-tried deliveries, with `id` where two are equal; ms since the Unix epoch. */
  readonly queuedAt: number;
  /** Attempts that were made before this one. */
  readonly attempts: number;
  /** Attempts that count against `maxAttempts`: a manual replay starts again at 0. */
  readonly attemptsSinceReplay: number;
  /** When the latest of these began; `null` before the first. */
  readonly countedAt?: number | null;
  /**
   * In how large a list it may go, at most: a larger one was refused because of what is in it. `null`: as large as the
   * webhook's `batch` allows.
   */
  readonly listMost?: number | null;
  /** The next attempt was asked for by a person. */
  readonly manual: boolean;
  /** Later reports of its message wait in the store until it has ended. */
  readonly ordered: boolean;
  /** Characters of its event as the store keeps it; not given: a usual, small one. */
  readonly size?: number;
  /** Its event as the store keeps it, where it came from there: it crosses threads at a tenth of the event's cost. */
  readonly text?: string;
}

/** What an attempt leads to. */
export type AfterAttempt =
  | { readonly state: 'delivered' }
  | { readonly state: 'retrying'; readonly dueAt: number }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'skipped'; readonly reason: string };

/** One attempt and its effect, recorded together. */
export interface AttemptRecord {
  readonly deliveryId: string;
  readonly webhookId: string;
  readonly webhookVersion: number;
  /** From 1, over the whole life of the delivery. */
  readonly number: number;
  readonly manual: boolean;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly statusCode: number | null;
  /** `null` exactly when it was delivered. */
  readonly errorClass: ErrorClass | null;
  readonly errorDetail: string | null;
  /** The start of the answer's body, at most 2 KiB of it. */
  readonly responseBody: string | null;
  readonly after: AfterAttempt;
  /** It counts against `maxAttempts`; without: it does. */
  readonly counts?: boolean;
  /** As {@link QueuedDelivery.listMost} from now on. */
  readonly listMost?: number | null;
  /** The list in which it was sent goes again at once in halves, which says nothing yet of this delivery. */
  readonly isHalved?: boolean;
  /** As {@link QueuedDelivery.ordered}. */
  readonly ordered: boolean;
}

/** A delivery that ends without a further attempt. */
export interface Conclusion {
  readonly deliveryId: string;
  readonly webhookId: string;
  readonly at: number;
  readonly after: Extract<AfterAttempt, { reason: string }>;
  readonly ordered: boolean;
}
