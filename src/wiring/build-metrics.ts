import { createMetrics, type Metrics } from '../telemetry/metrics.ts';
import type { Basics } from './basics.ts';
import type { RetentionParts } from './begin-retention.ts';
import type { DeliveryParts } from './build-delivery.ts';
import type { EgressParts } from './build-egress.ts';
import type { IntakeParts } from './build-intake.ts';
import type { WatchingParts } from './build-watching.ts';
import type { StoreParts } from './open-store.ts';

type Needs = Pick<StoreParts, 'store'> &
  Pick<IntakeParts, 'room'> &
  Pick<EgressParts, 'shortages'> &
  Pick<WatchingParts, 'live' | 'traces'> &
  Pick<DeliveryParts, 'couriers'> &
  RetentionParts;

/** The metrics; they are to hear of calls and of what becomes of deliveries. */
export function buildMetrics(
  { clock, parts }: Basics,
  { store, room, shortages, live, traces, couriers, retention }: Needs,
): Metrics {
  const metrics = createMetrics({
    clock,
    queuedEvents: () => store.log.queued,
    queuedDeliveries: () => room.taken.deliveries,
    commits: store.log.health,
    dispatcher: couriers.status,
    couriersBusy: couriers.busySeconds,
    liveListeners: () => live.listeners,
    shortages: shortages.counts,
    spans: () => traces ?? { exported: 0, dropped: 0 },
    retention: retention.status,
    store: store.watch.figures,
  });
  parts.defer(() => metrics.close());
  return metrics;
}
