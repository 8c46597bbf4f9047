import type { QueuedDelivery } from '../core/delivery.ts';
import type { DeliveryObserver } from '../core/delivery-observer.ts';
import type { DeliveryLog } from '../stores/ports/delivery-log.ts';
import type { EndingDeliveries } from './expire.ts';
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
  readonly ending: EndingDeliveries;
}

export function createGiveUp({ deliveryLog, tell, sendAgain, ending }: GiveUpContext): GiveUp {
  function one(lane: Lane, delivery: QueuedDelivery, now: number): boolean {
    const { id: deliveryId, webhookId, ordered } = delivery;
    if (ending.has(deliveryId)) {
      lane.backlog.recorded(deliveryId);
      return true;
    }
    if (!isWorthless(lane.endpoint.settings, delivery, now)) return false;
    ending.add(deliveryId);
    const conclusion = { deliveryId, webhookId, ordered, at: now, after: gaveUp };
    deliveryLog.conclude(
      conclusion,
      () => {
        ending.delete(deliveryId);
        tell.concluded(conclusion, delivery);
        if (lane.backlog.recorded(deliveryId)) sendAgain(delivery);
      },
      () => void ending.delete(deliveryId),
    );
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
