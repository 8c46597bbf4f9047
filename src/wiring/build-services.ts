import type { Cluster } from '../cluster/cluster.ts';
import { createStandings } from '../cluster/standings.ts';
import type { Config } from '../config/config.ts';
import { hashKey, sameHash } from '../core/api-key.ts';
import { createPlaces } from '../core/places.ts';
import { version } from '../core/version.ts';
import { createWebhookAnnouncements } from '../delivery/announce-webhooks.ts';
import { type EgressSettings, shownProxy } from '../delivery/egress/egress-of.ts';
import { createTrial } from '../delivery/trial.ts';
import { createOverview, type Egress } from '../history/gateway-overview.ts';
import { lookAtProcesses, type ProcessStanding } from '../history/process-standing.ts';
import { portalLinkSessions } from '../http/callers/portal-link-caller.ts';
import type { Services } from '../http/services.ts';
import { createSecret } from '../rendering/signing-secret.ts';
import { createEventReceiver } from '../sources/http-api/receive-events.ts';
import type { EgressWatch } from '../telemetry/egress-watch.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Basics } from './basics.ts';
import type { RetentionParts } from './begin-retention.ts';
import type { TrustedClockParts } from './begin-trusted-clock.ts';
import type { UpkeepParts } from './begin-upkeep.ts';
import type { DeliveryParts } from './build-delivery.ts';
import type { EgressParts } from './build-egress.ts';
import type { ErasureParts } from './build-erasures.ts';
import type { IntakeParts } from './build-intake.ts';
import type { PeopleParts } from './build-people.ts';
import type { WatchingParts } from './build-watching.ts';
import type { TalkParts } from './connect-processes.ts';
import type { KnownParts } from './load-known.ts';
import type { StoreParts } from './open-store.ts';
import type { Surroundings } from './read-surroundings.ts';
import { type PartOfWork, readinessOf } from './readiness.ts';

/** Everything that was built before. */
export type ServicesNeeds = Surroundings &
  StoreParts &
  UpkeepParts &
  KnownParts &
  IntakeParts &
  EgressParts &
  WatchingParts &
  DeliveryParts &
  PeopleParts &
  ErasureParts &
  RetentionParts &
  TrustedClockParts &
  TalkParts & { readonly metrics: Metrics };

/** What the HTTP API may call. */
export function buildServices({ config, clock, log, life }: Basics, needs: ServicesNeeds): Services {
  const { store, directory, accounts, senders, registry, intake, sending } = needs;
  const { couriers, recovery, metrics, people, audit, stats, live } = needs;
  const asking = needs.talk?.asking ?? null;
  const standing = (): ProcessStanding => {
    const { inFlight, inMemory } = couriers.status();
    return {
      delivery: { inFlight, inMemory },
      queuedEvents: store.log.queued,
      retention: needs.retention.status(),
      sealing: needs.resealing.status(),
    };
  };
  const testPlaces = createPlaces(config.limits.maxTests);
  return {
    ...{ clock, version, log, directory, senders, testPlaces, createSecret, stats, live, audit, people },
    otherProcesses: needs.messages,
    events: createEventReceiver({
      ...{ intake, clock, hasAccount: accounts.has, isUnmatched: senders.isUnmatched },
      observers: [metrics, ...needs.ofCalls],
    }),
    webhooks: createWebhookAnnouncements(registry, couriers),
    trial: createTrial({ sender: sending.sender, clock }),
    urlGuard: sending.guard,
    history: store.history,
    tasks: recovery,
    erasures: needs.erasures,
    delivery: {
      replay: couriers.replay,
      skipDeleted: (webhookId) => couriers.skipWaiting(webhookId, 'webhook_deleted', clock.now()),
      gone: couriers.gone,
    },
    learntPaces: needs.paces,
    limits: {
      ofAll: config.limits.ofAccount,
      of: accounts.limitsOf,
      usage: async (accountId) => ({
        ...(await directory.countOwned(accountId)),
        eventsPerSecond: needs.admission.recentEvents(accountId),
        deliveriesWaiting: needs.waiting.of(accountId),
        liveStreams: live.listenersOf(accountId),
        tests: testPlaces.takenBy(accountId),
        lists: null,
      }),
    },
    keep: { ofAll: config.keep, auditDays: config.keep.auditDays, of: accounts.keepOf },
    operator: { isOperatorKey: operatorCheck(config.secrets.operatorKey) },
    portalLinks: portalLinkSessions(needs.portalLinks),
    overview: createOverview({
      ...{ clock, registry },
      failingSince: needs.health.failingSince,
      dispatcher: couriers.status,
      queuedEvents: () => store.log.queued,
      shortage: needs.shortages.current,
      sealing: needs.resealing.status,
      retention: needs.retention.status,
      clockDoubt: () => needs.trusted.doubt,
      egress: () => shownEgress(config, needs.egress, needs.egressWatch),
      store: store.watch,
      processes: lookAtProcesses(needs.cluster, createStandings(needs.cluster, standing, asking)),
    }),
    readiness: () =>
      readinessOf({
        ...{ stage: life.stage, problem: store.log.health.problem },
        ...{ isCutOff: needs.cluster.isCutOff, part: partOf(needs.cluster) },
      }),
    metrics: metrics.text,
  };
}

function partOf({ id: own, processes }: Cluster): PartOfWork | null {
  if (processes.length < 2) return null;
  const shards = processes.find(({ id }) => id === own)?.shards ?? 0;
  return { gateways: processes.length, shards };
}

function operatorCheck(operatorKey: string | null): (hash: string) => boolean {
  if (operatorKey === null) return () => false;
  const expected = hashKey(operatorKey);
  return (hash) => sameHash(hash, expected);
}

function shownEgress(config: Config, { proxy, authorities }: EgressSettings, watch: EgressWatch): Egress {
  const { caFile } = config.egress;
  return {
    proxy: proxy && { ...shownProxy(proxy), ...watch.current() },
    authorities: caFile === null ? null : { file: caFile, certificates: authorities },
  };
}
