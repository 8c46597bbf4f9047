import type { QueuedDelivery } from '../core/delivery.ts';
import type { LaneMemory } from './lanes/memory.ts';
import type { Seat } from './seat.ts';

export interface GivingBack {
  readonly memory: LaneMemory;
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
  { memory, isCurrent, wake }: GivingBack,
): void {
  const { lane } = seat;
  lane.health.breaker.withdrawn(kind);
  if (!isCurrent(seat)) {
    wake(lane.webhookId);
    return;
  }
  const before = lane.weight;
  lane.giveBack(deliveries);
  memory.change(lane.weight - before);
}
