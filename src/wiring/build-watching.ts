import type { DeliveryObserver } from '../core/delivery-observer.ts';
import type { ReceiveObserver } from '../sources/http-api/receive-events.ts';
import { openTraces, type TraceExport } from '../telemetry/traces/traces.ts';
import { createWideLines } from '../telemetry/wide-lines.ts';
import { createBreakerMemory } from '../watching/breaker-memory.ts';
import { createFailedDeliveries } from '../watching/failed-deliveries.ts';
import { createLearntPaces, type LearntPaces } from '../watching/learnt-paces.ts';
import { createLiveHub, type LiveHub } from '../watching/live.ts';
import { createOperationalEvents } from '../watching/operational-events.ts';
import { createStats, type Stats } from '../watching/stats/stats.ts';
import { createWebhookHealth, type WebhookHealth } from '../watching/webhook-health.ts';
import type { Basics } from './basics.ts';
import type { EgressParts } from './build-egress.ts';
import type { IntakeParts } from './build-intake.ts';
import type { TalkParts } from './connect-processes.ts';
import type { KnownParts } from './load-known.ts';
import type { StoreParts } from './open-store.ts';

/** Who watches what comes in and what becomes of it. */
export interface WatchingParts {
  readonly stats: Stats;
  readonly live: LiveHub;
  readonly paces: LearntPaces;
  readonly health: WebhookHealth;
  /** `null`: nothing is traced. */
  readonly traces: TraceExport | null;
  readonly ofDeliveries: readonly DeliveryObserver[];
  readonly ofCalls: readonly ReceiveObserver[];
}

type Needs = Pick<StoreParts, 'store'> &
  Pick<KnownParts, 'accounts' | 'registry'> &
  Pick<IntakeParts, 'intake'> &
  TalkParts &
  Pick<EgressParts, 'connect'>;

export function buildWatching(
  { config, clock, log, parts }: Basics,
  { store, accounts, registry, intake, connect, talk }: Needs,
): WatchingParts {
  const { directory } = store;
  const accountOf = (webhookId: string) => registry.get(webhookId)?.webhook.accountId;
  const stats = createStats({ store: store.stats, clock, log, accountOf });
  parts.defer(() => stats.close());
  const live = createLiveHub({
    most: config.limits.maxLiveStreams,
    mostOfAccount: (accountId) => accounts.limitsOf(accountId).liveStreams,
    others: talk && { ...talk, clock },
  });
  const paces = createLearntPaces({ registry, clock });
  const lines = createWideLines(log);
  const operations = createOperationalEvents({ intake, registry, clock, log });
  const onDisabled = lines.webhookDisabled;
  const health = createWebhookHealth({ directory, registry, operations, clock, onDisabled, log });
  const breakers = createBreakerMemory({ directory, clock, log });
  parts.defer(async () => void (await Promise.all([operations.close(), health.close(), breakers.close()])));
  const failures = createFailedDeliveries(operations, registry);
  const traces = openTraces(config, { clock, log, connect });
  if (traces) parts.defer(() => traces.close());
  const traced = traces ? [traces] : [];
  return {
    ...{ stats, live, paces, health, traces },
    ofDeliveries: [stats, live, lines, health, breakers, failures, paces, ...traced],
    ofCalls: [lines, ...traced],
  };
}
