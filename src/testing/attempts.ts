import type { AttemptRecord, QueuedDelivery } from '../core/delivery.ts';
import type { Event } from '../core/event.ts';
import { testEvent } from './factories.ts';

/** A delivery of an SMS report that was accepted at `acceptedAt` (0 unless told), with the given parts replaced. */
export function queuedDelivery(
  parts: Partial<QueuedDelivery> = {},
  event: Partial<Event> = {},
): QueuedDelivery {
  const acceptedAt = parts.acceptedAt ?? 0;
  return {
    id: 'dlv_1',
    webhookId: 'wh_1',
    event: testEvent(event),
    acceptedAt,
    queuedAt: acceptedAt,
    attempts: 0,
    attemptsSinceReplay: 0,
    manual: false,
    ordered: false,
    ...parts,
  };
}

/** An attempt of 20 ms that delivered, with the given parts replaced. */
export function attemptRecord(parts: Partial<AttemptRecord> = {}): AttemptRecord {
  return {
    deliveryId: 'dlv_1',
    webhookId: 'wh_1',
    webhookVersion: 1,
    number: 1,
    manual: false,
    startedAt: 0,
    durationMs: 20,
    statusCode: 200,
    errorClass: null,
    errorDetail: null,
    responseBody: null,
    after: { state: 'delivered' },
    ordered: false,
    ...parts,
  };
}

/** An attempt that was answered 503 and is tried again at `dueAt`. */
export function failedAttempt(parts: Partial<AttemptRecord> = {}, dueAt = 5_000): AttemptRecord {
  return attemptRecord({
    statusCode: 503,
    errorClass: 'status',
    after: { state: 'retrying', dueAt },
    ...parts,
  });
}
