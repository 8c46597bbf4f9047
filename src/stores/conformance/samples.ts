import type { AfterAttempt, AttemptRecord, QueuedDelivery } from '../../core/delivery.ts';
import { type EventParts, testEvent } from '../../testing/factories.ts';
import type { AppendResult, DeliveryLog, HeldPending, NewEvent } from '../ports/delivery-log.ts';

let last = 0;

/** A name that no other test uses, so that tests can share one store. */
export function unique(name: string): string {
  return `${name}_${++last}`;
}

/** An event for the store; a message of its own unless the test names one. */
export function newEvent(
  webhookIds: readonly string[],
  parts: EventParts = {},
  ownId: string | null = null,
): NewEvent {
  const { id: _id, ...event } = testEvent({ messageId: unique('message'), ...parts });
  return { event, ownId, webhookIds };
}

/** Stores events for one webhook and gives back their deliveries, in order. */
export async function queue(log: DeliveryLog, webhookId: string, count: number): Promise<QueuedDelivery[]> {
  const told: QueuedDelivery[] = [];
  // What a test before stored may be told of only now.
  log.onAccepted((deliveries) => told.push(...deliveries.filter((each) => each.webhookId === webhookId)));
  await appendTold(
    log,
    Array.from({ length: count }, () => newEvent([webhookId])),
  );
  return told;
}

/** Appends, and resolves when lanes have been told: a question is answered after what was committed before it. */
export async function appendTold(
  log: DeliveryLog,
  events: readonly NewEvent[],
): Promise<readonly AppendResult[]> {
  const results = await log.append(events);
  await log.waiting();
  return results;
}

/** The next attempt of a delivery, by default one that succeeded at 100 … 142 ms. */
export function attemptOf(
  delivery: QueuedDelivery,
  after: AfterAttempt,
  parts: Partial<AttemptRecord> = {},
): AttemptRecord {
  return {
    deliveryId: delivery.id,
    webhookId: delivery.webhookId,
    webhookVersion: 1,
    number: delivery.attempts + 1,
    manual: delivery.manual,
    startedAt: 100,
    durationMs: 42,
    statusCode: after.state === 'delivered' ? 200 : 500,
    errorClass: after.state === 'delivered' ? null : 'status',
    errorDetail: null,
    responseBody: null,
    ordered: delivery.ordered,
    ...parts,
    after,
  };
}

/** Records an attempt; resolves when it is on disk. */
export function record(
  log: DeliveryLog,
  delivery: QueuedDelivery,
  after: AfterAttempt,
  parts: Partial<AttemptRecord> = {},
): Promise<void> {
  return new Promise((resolve) => log.record(attemptOf(delivery, after, parts), resolve));
}

export const delivered: AfterAttempt = { state: 'delivered' };
export const failed: AfterAttempt = { state: 'failed', reason: 'attempts_exhausted' };
export const retryAt = (dueAt: number): AfterAttempt => ({ state: 'retrying', dueAt });

export const idsOf = (deliveries: readonly { readonly id: string }[]): string[] =>
  deliveries.map(({ id }) => id);

/** As a lane has these, the first of its webhook's queue, in memory. */
export function holding(deliveries: readonly QueuedDelivery[]): HeldPending {
  return {
    lastPlace: deliveries.at(-1) ?? null,
    heldPending: new Set(deliveries.map(({ id }) => id)),
  };
}
