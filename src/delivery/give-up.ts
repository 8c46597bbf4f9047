import type { QueuedDelivery } from '../core/delivery.ts';
import type { DeliveryObserver } from '../core/delivery-observer.ts';
import type { DeliveryLog } from '../stores/ports/delivery-log.ts';
import { gaveUp, isWorthless } from './retry-policy.ts';
import type { Seat } from './seat.ts';

/** Ends what is too old to be of use, without an attempt. */
export interface GiveUp {
  /** Whatever is at the heads of a lane's queues. */
  heads(seat: Seat, now: number): void;
  /** A delivery that was taken from its lane; `false` where it is still worth its attempt. */
  one(seat: Seat, delivery: QueuedDelivery, now: number): boolean;
}

export interface GiveUpContext {
  readonly log: Pick<DeliveryLog, 'conclude'>;
  readonly tell: Pick<Required<DeliveryObserver>, 'concluded'>;
}

export function createGiveUp({ log, tell }: GiveUpContext): GiveUp {
  function one({ lane, holder }: Seat, delivery: QueuedDelivery, now: number): boolean {
    if (!isWorthless(holder.endpoint.settings, delivery, now)) return false;
    const { id: deliveryId, ordered } = delivery;
    const conclusion = { deliveryId, ordered, at: now, after: gaveUp };
    log.conclude(conclusion, () => {
      lane.landed(deliveryId);
      tell.concluded(conclusion, delivery);
    });
    return true;
  }

  return {
    heads(seat, now) {
      const { settings } = seat.holder.endpoint;
      if (settings.retry.giveUpAfterMs === null) return;
      for (const delivery of seat.lane.takeWhile((each) => isWorthless(settings, each, now))) {
        one(seat, delivery, now);
      }
    },
    one,
  };
}
