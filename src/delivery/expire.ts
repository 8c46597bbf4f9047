import type { Clock } from '../core/clock.ts';
import type { QueuedDelivery } from '../core/delivery.ts';
import type { DeliveryObserver } from '../core/delivery-observer.ts';
import type { DeliveryLog } from '../stores/ports/delivery-log.ts';
import type { Lanes } from './lanes/lanes.ts';

/** How a delivery ends whose event's contents are not kept any longer. */
export const expired = Object.freeze({ state: 'failed', reason: 'expired' } as const);

/** Deliveries that are ending without an attempt, until that is on disk: a load may bring them once more. */
export type EndingDeliveries = Set<string>;

export interface Expiring {
  readonly deliveryLog: Pick<DeliveryLog, 'loadThese' | 'conclude'>;
  readonly clock: Clock;
  readonly lanes: Pick<Lanes, 'known'>;
  readonly tell: Pick<Required<DeliveryObserver>, 'concluded'>;
  readonly ending: EndingDeliveries;
  /** The webhook's deliveries that are sent or being sent, and not yet recorded. */
  underWay(webhookId: string): ReadonlySet<string>;
}

/** With their events, which have 250 KB at most. */
const atOnce = 20;

/**
 * Ends deliveries of a webhook that wait. What is under way is left: it is told of again when it waits then. Resolves when all
 * that were ended are on disk.
 */
export async function expire(
  webhookId: string,
  deliveryIds: readonly string[],
  expiring: Expiring,
): Promise<void> {
  for (let i = 0; i < deliveryIds.length; i += atOnce) {
    await expireSome(webhookId, deliveryIds.slice(i, i + atOnce), expiring);
  }
}

async function expireSome(
  webhookId: string,
  deliveryIds: readonly string[],
  { deliveryLog, clock, lanes, tell, ending, underWay }: Expiring,
): Promise<void> {
  const waiting = await deliveryLog.loadThese(webhookId, deliveryIds);
  const sent = underWay(webhookId);
  const over = waiting.filter(({ id }) => !sent.has(id) && !ending.has(id));
  const ids = new Set(over.map(({ id }) => id));
  for (const id of ids) ending.add(id);
  lanes.known(webhookId)?.backlog.drop(ids);
  await Promise.all(over.map(conclude));
  // What a load brought meanwhile; later ones find that it has ended.
  lanes.known(webhookId)?.backlog.drop(ids);
  for (const id of ids) ending.delete(id);

  function conclude(delivery: QueuedDelivery): Promise<void> {
    const conclusion = {
      deliveryId: delivery.id,
      webhookId,
      at: clock.now(),
      after: expired,
      ordered: delivery.ordered,
    };
    return new Promise((resolve) => {
      deliveryLog.conclude(
        conclusion,
        () => {
          tell.concluded(conclusion, delivery);
          resolve();
        },
        resolve,
      );
    });
  }
}
