import type { StoredAttempt } from '../log/row-types.ts';
import { withoutNul } from './tables.ts';

/** An event as both stores have it. */
export interface MovedEvent {
  readonly seq: number;
  readonly account: string;
  /** The caller's own. */
  readonly id: string | null;
  /** ms. */
  readonly acceptedAt: number;
  readonly deliveries: number;
  /** How far apart the numbers of its deliveries lie. */
  readonly spacing: number;
  readonly body: string;
  /**
   * What finds an event whose contents are gone by what it said, as far as the store knows that beside the event: the hash of its
   * identity and the term of its number.
   */
  readonly identity: number | null;
  readonly numberTerm: number | null;
}

/** A delivery, whether it waits or has ended. */
export interface MovedDelivery {
  readonly account: string;
  readonly seq: number;
  readonly event: number;
  readonly webhook: string;
  /** `stores/codes.ts`. */
  readonly state: number;
  readonly attempts: number;
  readonly sinceReplay: number;
  readonly manual: number;
  /** Of one that waits its place or its next attempt; of others when it ended (ms). */
  readonly due: number;
  readonly reason: string | null;
  readonly statusCode: number | null;
  readonly errorClass: number | null;
  /** These three are only known of one that waits. */
  readonly orderKey: number | null;
  readonly countedAt: number | null;
  readonly listMost: number | null;
}

export interface MovedAttempt extends StoredAttempt {
  readonly account: string;
}

/** Some events that follow each other, with all that is theirs. */
export interface LogBatch {
  readonly events: readonly MovedEvent[];
  readonly deliveries: readonly MovedDelivery[];
  readonly attempts: readonly MovedAttempt[];
}

/** Events, bytes of their bodies, and deliveries that one batch has at most, unless a single event has more. */
export const batchBounds = { events: 1_000, bytes: 4 * 1024 * 1024, deliveries: 2_000 } as const;

/** How many of these belong to the next batch: one at least. */
export function batchLength(
  events: readonly { readonly bytes: number; readonly deliveries: number }[],
): number {
  let [bytes, deliveries, length] = [0, 0, 0];
  for (const event of events) {
    bytes += event.bytes;
    deliveries += event.deliveries;
    const isFull =
      length >= batchBounds.events || bytes > batchBounds.bytes || deliveries > batchBounds.deliveries;
    if (length > 0 && isFull) break;
    length++;
  }
  return length;
}

/** The number behind which a batch's deliveries do not lie. */
export function lastOfBatch(events: readonly MovedEvent[]): number {
  return events.reduce((last, { seq, deliveries, spacing }) => Math.max(last, seq + deliveries * spacing), 0);
}

/** What is compared of the three, as lists of values. */
export const compared = {
  events: ({ seq, account, id, acceptedAt, deliveries, spacing, body }: MovedEvent) => [
    ...[seq, account, withoutNul(id), acceptedAt, deliveries, spacing, body],
  ],
  deliveries: (delivery: MovedDelivery) => [
    ...[delivery.seq, delivery.account, delivery.event, delivery.webhook, delivery.state, delivery.attempts],
    ...[delivery.sinceReplay, delivery.manual, delivery.due, withoutNul(delivery.reason)],
    ...[delivery.statusCode, delivery.errorClass, delivery.orderKey, delivery.countedAt, delivery.listMost],
  ],
  attempts: (attempt: MovedAttempt) => [
    ...[attempt.delivery, attempt.number, attempt.account, attempt.webhookVersion, attempt.manual],
    ...[attempt.startedAt, attempt.durationMs, attempt.statusCode, attempt.errorClass],
    ...[withoutNul(attempt.errorDetail), attempt.responseBody],
  ],
} as const;
