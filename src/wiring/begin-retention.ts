import { cutOldEvents, type OldEventsCutter } from '../upkeep/cut-old-events.ts';
import type { Basics } from './basics.ts';
import type { DeliveryParts } from './build-delivery.ts';
import type { KnownParts } from './load-known.ts';
import type { StoreParts } from './open-store.ts';

export interface RetentionParts {
  /** Waits to be started, when couriers know what waits. */
  readonly retention: OldEventsCutter;
}

/** What ends events that are older than they are kept. */
export function beginRetention(
  { clock, log, parts }: Basics,
  {
    store,
    accounts,
    couriers,
  }: Pick<StoreParts, 'store'> & Pick<KnownParts, 'accounts'> & Pick<DeliveryParts, 'couriers'>,
): RetentionParts {
  const retention = cutOldEvents({
    retention: store.retention,
    keeps: () => accounts.keeps,
    expire: couriers.expire,
    clock,
    log,
  });
  parts.defer(() => retention.close());
  return { retention };
}
