import { createMetrics, type Metrics } from '../telemetry/metrics.ts';
import type { Basics } from './basics.ts';
import type { RetentionParts } from './begin-retention.ts';
import type { TrustedClockParts } from './begin-trusted-clock.ts';
import type { DeliveryParts } from './build-delivery.ts';
import type { EgressParts } from './build-egress.ts';
import type { IntakeParts } from './build-intake.ts';
import type { WatchingParts } from './build-watching.ts';
import type { StoreParts } from './open-store.ts';

type Needs = Pick<StoreParts, 'store' | 'cluster' | 'indexTroubles'> &
  Pick<IntakeParts, 'room'> &
  Pick<EgressParts, 'shortages'> &
  Pick<WatchingParts, 'live' | 'traces'> &
  Pick<DeliveryParts, 'couriers'> &
  RetentionParts &
  TrustedClockParts;

/** The metrics; they are to hear of calls and of what becomes of deliveries. */
export function buildMetrics(
  { clock, parts }: Basics,
  { store, cluster, indexTroubles, room, shortages, live, traces, couriers, retention, trusted }: Needs,
): Metrics {
  const metrics = createMetrics({
    clock,
    queuedEvents: () => store.log.queued,
    queuedDeliveries: () => room.taken.deliveries,
    commits: store.log.health,
    indexTroubles,
    dispatcher: couriers.status,
    couriersBusy: couriers.busySeconds,
    liveListeners: () => live.listeners,
    shortages: shortages.counts,
    spans: () => traces ?? { exported: 0, dropped: 0 },
    retention: retention.status,
    clockAheadMs: () => trusted.doubt?.aheadMs ?? 0,
    cluster,
    store: store.watch.figures,
  });
  parts.defer(() => metrics.close());
  return metrics;
}
