import { createLeadersWork, type LeadersWork } from '../cluster/leaders-work.ts';
import { cutOldEvents, type OldEventsCutter } from '../upkeep/cut-old-events.ts';
import type { Basics } from './basics.ts';
import type { TrustedClockParts } from './begin-trusted-clock.ts';
import type { DeliveryParts } from './build-delivery.ts';
import type { KnownParts } from './load-known.ts';
import type { StoreParts } from './open-store.ts';

export interface RetentionParts {
  /** Waits to be started, when couriers know what waits; at work in one process. */
  readonly retention: Pick<LeadersWork, 'start'> & Pick<OldEventsCutter, 'status'>;
}

/** What ends events that are older than they are kept. */
export function beginRetention(
  { clock, log, parts }: Basics,
  {
    store,
    cluster,
    accounts,
    couriers,
    trusted,
  }: Pick<StoreParts, 'store' | 'cluster'> &
    Pick<KnownParts, 'accounts'> &
    Pick<DeliveryParts, 'couriers'> &
    TrustedClockParts,
): RetentionParts {
  const cutter = cutOldEvents({
    retention: store.retention,
    keeps: () => accounts.keeps,
    expire: couriers.expire,
    clock,
    trusted,
    log,
  });
  const work = createLeadersWork(cluster, () => {
    cutter.start();
    return cutter.close;
  });
  parts.defer(work.close);
  return { retention: { start: work.start, status: cutter.status } };
}
