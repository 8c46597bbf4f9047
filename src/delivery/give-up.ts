import type { QueuedDelivery } from '../core/delivery.ts';
import type { DeliveryObserver } from '../core/delivery-observer.ts';
import type { DeliveryLog } from '../stores/ports/delivery-log.ts';
import type { Lane } from './lanes/lane.ts';
import { gaveUp, isWorthless } from './retry-policy.ts';

/** Ends what is too old to be of use, without an attempt. */
export interface GiveUp {
  /** Whatever is at the heads of a lane's queues. */
  heads(lane: Lane, now: number): void;
  /** A delivery that was taken from its lane; `false` where it is still worth its attempt. */
  one(lane: Lane, delivery: QueuedDelivery, now: number): boolean;
}

export interface GiveUpContext {
  readonly deliveryLog: Pick<DeliveryLog, 'conclude'>;
  readonly tell: Pick<Required<DeliveryObserver>, 'concluded'>;
  /** Somebody asked for it before its end was on disk. */
  sendAgain(delivery: QueuedDelivery): void;
}

export function createGiveUp({ deliveryLog, tell, sendAgain }: GiveUpContext): GiveUp {
  function one(lane: Lane, delivery: QueuedDelivery, now: number): boolean {
    if (!isWorthless(lane.endpoint.settings, delivery, now)) return false;
    const { id: deliveryId, ordered } = delivery;
    const conclusion = { deliveryId, ordered, at: now, after: gaveUp };
    deliveryLog.conclude(conclusion, () => {
      tell.concluded(conclusion, delivery);
      if (lane.backlog.recorded(deliveryId)) sendAgain(delivery);
    });
    return true;
  }

  return {
    heads(lane, now) {
      const { settings } = lane.endpoint;
      if (settings.retry.giveUpAfterMs === null) return;
      for (const delivery of lane.backlog.takeWhile((each) => isWorthless(settings, each, now))) {
        one(lane, delivery, now);
      }
    },
    one,
  };
}
