import type { QueuedDelivery } from '../core/delivery.ts';
import type { Seat } from './seat.ts';

export interface GivingBack {
  /** The seat still belongs to a webhook. */
  isCurrent(seat: Seat): boolean;
  /** Something of this webhook is due in the store, or to be skipped there. */
  wake(webhookId: string): void;
}

/**
 * Puts back what did not leave because the machine was short of something: nothing is recorded, so in the store it never
 * left its place, and of the endpoint nothing was learnt.
 */
export function giveBack(
  seat: Seat,
  deliveries: readonly QueuedDelivery[],
  kind: 'normal' | 'probe',
  { isCurrent, wake }: GivingBack,
): void {
  const { lane } = seat;
  lane.health.breaker.withdrawn(kind);
  if (!isCurrent(seat)) {
    wake(lane.webhookId);
    return;
  }
  lane.giveBack(deliveries);
}
