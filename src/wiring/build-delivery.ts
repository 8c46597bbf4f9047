import { createRecovery, type Recovery } from '../recover/recovery.ts';
import type { Basics } from './basics.ts';
import type { EgressParts } from './build-egress.ts';
import type { WatchingParts } from './build-watching.ts';
import type { KnownParts } from './load-known.ts';
import type { StoreParts } from './open-store.ts';
import type { Surroundings } from './read-surroundings.ts';
import { type StartedCouriers, startCouriers } from './start-couriers.ts';

/** What sends, and what has something sent again. */
export interface DeliveryParts {
  /** They wait to be told to begin. */
  readonly couriers: StartedCouriers;
  readonly recovery: Recovery;
}

type Needs = Pick<Surroundings, 'inFlight'> &
  Pick<StoreParts, 'store'> &
  Pick<KnownParts, 'registry'> &
  Pick<EgressParts, 'sendingSettings' | 'shortages' | 'onHostRefused' | 'onProxyNews'> &
  Pick<WatchingParts, 'health'>;

export async function buildDelivery(
  { config, overrides, clock, log, life, parts }: Basics,
  { inFlight, store, registry, sendingSettings, shortages, onHostRefused, onProxyNews, health }: Needs,
): Promise<DeliveryParts> {
  const { random, resolve } = overrides;
  const isPlayed = overrides.clock !== undefined || random !== undefined || resolve !== undefined;
  const openBreakers = await store.directory.loadOpenBreakers();
  const couriers = startCouriers({
    storePorts: store.courierPorts,
    handedOver: () => store.log.handedOver,
    registry,
    sending: sendingSettings,
    inThisThread: isPlayed ? { clock, random: random ?? Math.random, resolve } : null,
    maxInFlight: inFlight.maxInFlight,
    deadAfterMs: config.delivery.disableAfterMs,
    openBreakers,
    onShortage: shortages.met,
    onHostRefused,
    onProxyNews,
    onDeath: life.die,
    onDisable: health.disable,
  });
  life.onDeath(couriers.fail);
  store.log.heed(couriers.onTheWay);
  shortages.onNoFiles(couriers.slowDown);
  const recovery = createRecovery({
    store: store.tasks,
    history: store.history,
    deliveryLog: couriers,
    registry,
    clock,
    wake: couriers.wake,
    log,
  });
  parts.defer(() => recovery.close());
  // Before recovery, which hears of what they end last.
  parts.defer(() => couriers.close());
  return { couriers, recovery };
}
