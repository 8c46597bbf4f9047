import type { AttemptRecord, Conclusion, QueuedDelivery } from './delivery.ts';

/** What a webhook's owner should hear of. Instants are ms since the Unix epoch. */
export type HealthChange =
  | { readonly kind: 'failing'; readonly since: number }
  | { readonly kind: 'recovered'; readonly since: number }
  /** It has failed for so long that it is to be disabled. */
  | { readonly kind: 'dead'; readonly since: number };

/** A breaker that is open: nothing is sent to its endpoint, but for a probe now and then. */
export interface OpenBreaker {
  readonly webhookId: string;
  /** When it lets the next probe through (ms since the Unix epoch). */
  readonly until: number;
  /** How often it has opened since its endpoint was well; each time it stays open for longer. */
  readonly trips: number;
}

/**
 * Watches what becomes of deliveries. Each method is an event with plain data, so that it may come from another thread; who
 * does not care about one leaves it out. What observers do costs every delivery, so they are cheap, and they do not throw.
 */
export interface DeliveryObserver {
  /** An attempt and its effect are on disk. */
  attempted?(record: AttemptRecord, delivery: QueuedDelivery): void;
  /** A delivery ended without an attempt, and that is on disk. */
  concluded?(conclusion: Conclusion, delivery: QueuedDelivery): void;
  /** Deliveries ended together because their webhook is gone, and that is on disk. */
  skipped?(webhookId: string, reason: string, deliveries: number): void;
  /** Deliveries of a webhook wait again, since somebody had them sent again. */
  requeued?(webhookId: string): void;
  /** An endpoint began to fail, or is well again. */
  healthChanged?(webhookId: string, change: HealthChange): void;
  /** A breaker opened, opened again after a probe, or (`null`) closed. */
  breakerChanged?(webhookId: string, open: OpenBreaker | null): void;
  /** How many requests a second an endpoint takes was learnt, and is another now by a tenth or more; `null`: forgotten. */
  paceLearnt?(webhookId: string, perSecond: number | null): void;
}

/** One observer that tells all of them, in their order. */
export function tellAll(observers: readonly DeliveryObserver[]): Required<DeliveryObserver> {
  return {
    attempted(record, delivery) {
      for (const observer of observers) observer.attempted?.(record, delivery);
    },
    concluded(conclusion, delivery) {
      for (const observer of observers) observer.concluded?.(conclusion, delivery);
    },
    skipped(webhookId, reason, deliveries) {
      for (const observer of observers) observer.skipped?.(webhookId, reason, deliveries);
    },
    requeued(webhookId) {
      for (const observer of observers) observer.requeued?.(webhookId);
    },
    healthChanged(webhookId, change) {
      for (const observer of observers) observer.healthChanged?.(webhookId, change);
    },
    breakerChanged(webhookId, open) {
      for (const observer of observers) observer.breakerChanged?.(webhookId, open);
    },
    paceLearnt(webhookId, perSecond) {
      for (const observer of observers) observer.paceLearnt?.(webhookId, perSecond);
    },
  };
}
