import { createClusterCouriers } from '../cluster/cluster-couriers.ts';
import { systemClock } from '../core/clock.ts';
import { shardOf } from '../core/shards.ts';
import { type AttemptNews, createAttemptNews } from '../recover/attempt-news.ts';
import type { Basics } from './basics.ts';
import type { EgressParts } from './build-egress.ts';
import { buildRecovery, type StartedRecovery } from './build-recovery.ts';
import type { WatchingParts } from './build-watching.ts';
import type { TalkParts } from './connect-processes.ts';
import type { KnownParts } from './load-known.ts';
import type { StoreParts } from './open-store.ts';
import type { Surroundings } from './read-surroundings.ts';
import { type StartedCouriers, startCouriers } from './start-couriers.ts';

/** What sends, and what has something sent again. */
export interface DeliveryParts {
  /** They wait to be told to begin. */
  readonly couriers: StartedCouriers;
  readonly recovery: StartedRecovery;
  /** Tells other processes of what they had sent again here; `null`: there are none. */
  readonly attemptNews: AttemptNews | null;
}

type Needs = Pick<Surroundings, 'inFlight'> &
  Pick<StoreParts, 'store' | 'courierConnections' | 'cluster'> &
  TalkParts &
  Pick<KnownParts, 'registry' | 'following'> &
  Pick<EgressParts, 'sendingSettings' | 'shortages' | 'onHostRefused' | 'onProxyNews'> &
  Pick<WatchingParts, 'health'>;

export async function buildDelivery(
  basics: Basics,
  {
    inFlight,
    store,
    courierConnections,
    cluster,
    talk,
    registry,
    following,
    sendingSettings,
    shortages,
    onHostRefused,
    onProxyNews,
    health,
  }: Needs,
): Promise<DeliveryParts> {
  const { config, overrides, clock, life, parts } = basics;
  const { random, resolve } = overrides;
  const isPlayed = overrides.clock !== undefined || random !== undefined || resolve !== undefined;
  const openBreakers = await store.directory.loadOpenBreakers();
  const local = startCouriers({
    connections: courierConnections,
    handedOver: () => store.log.handedOver,
    registry,
    sending: sendingSettings,
    inThisThread: isPlayed ? { clock, random: random ?? Math.random, resolve } : null,
    maxInFlight: inFlight.maxInFlight,
    deadAfterMs: config.delivery.disableAfterMs,
    openBreakers,
    isDeleted: async (webhookId) => (await following.refresh(webhookId)) === null,
    async openBreakersOf(shards) {
      const asked = new Set(shards);
      const open = await store.directory.loadOpenBreakers();
      return open.filter(({ webhookId }) => asked.has(shardOf(webhookId)));
    },
    onShortage: shortages.met,
    onHostRefused,
    onProxyNews,
    onDeath: life.die,
    onDisable: health.disable,
  });
  life.onDeath(local.fail);
  store.log.heed(local.onTheWay);
  shortages.onNoFiles(local.slowDown);
  const attemptNews = talk && createAttemptNews({ messages: talk.messages, clock });
  if (attemptNews) parts.defer(attemptNews.close);
  const couriers = talk
    ? createClusterCouriers({
        ...{ local, cluster, asking: talk.asking, clock: systemClock },
        configuration: {
          isKnown: (webhookId) => registry.get(webhookId) !== undefined,
          refresh: async (webhookId) => void (await following.refresh(webhookId)),
          settled: following.settled,
        },
        onRequeuedFor: (processId, requeued) => attemptNews?.watch(processId, requeued),
      })
    : local;
  const { wake } = couriers;
  const recovery = buildRecovery(basics, { store, cluster, talk, deliveryLog: couriers, registry, wake });
  parts.defer(() => recovery.close());
  // Before recovery, which hears of what they end last.
  parts.defer(() => couriers.close());
  return { couriers, recovery, attemptNews };
}
