import type { Clock } from '../core/clock.ts';
import type { QueuedDelivery } from '../core/delivery.ts';
import type { WebhookRegistry } from '../routing/registry.ts';
import type { DeliveryLog } from '../stores/ports/delivery-log.ts';
import type { Lanes } from './lanes/lanes.ts';

/** What names a delivery that is to be sent again. */
export type ReplayRequest = Pick<QueuedDelivery, 'id' | 'webhookId'>;

/** What replaying needs of the dispatcher. */
export interface ReplayContext {
  readonly deliveryLog: Pick<DeliveryLog, 'requeueMany'>;
  readonly registry: Pick<WebhookRegistry, 'get'>;
  readonly clock: Clock;
  readonly lanes: Pick<Lanes, 'of'>;
  wake(webhookId: string): void;
}

/** Deliveries that were never tried are about to be. */
const tried = ['retrying', 'delivered', 'failed', 'skipped'] as const;

/** Makes one delivery due now, or the next of its message where its webhook wants order. */
export async function replay({ id, webhookId }: ReplayRequest, context: ReplayContext): Promise<void> {
  const { deliveryLog, registry, clock, lanes, wake } = context;
  const ordered = registry.get(webhookId)?.webhook.settings.ordered ?? false;
  await deliveryLog.requeueMany({ webhookId, deliveryIds: [id], states: tried, ordered, now: clock.now() });
  // A person wants it now, so a pause that the endpoint asked for earlier does not hold it.
  const lane = lanes.of(webhookId);
  if (lane) {
    lane.rest.end();
    lane.pace.hurry();
    lane.backlog.tellReplayed(id);
  }
  wake(webhookId);
}
