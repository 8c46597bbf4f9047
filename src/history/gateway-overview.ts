import type { Clock } from '../core/clock.ts';
import type { Shortage } from '../core/shortage.ts';
import type { ClockDoubt } from '../core/trusted-clock.ts';
import type { Webhook } from '../core/webhook.ts';
import type { DispatcherStatus } from '../delivery/dispatcher.ts';
import type { WebhookRegistry } from '../routing/registry.ts';
import type { StoreFigures, StoreWatch, WebhookQueue } from '../stores/ports/figures.ts';
import type { RetentionStatus } from '../stores/ports/retention.ts';
import type { ProxyHealth } from '../telemetry/egress-watch.ts';
import { processMemory } from '../telemetry/process-memory.ts';
import type { SealingStatus } from '../upkeep/resealing.ts';
import type { ProcessesLook, ShownProcess } from './process-standing.ts';

/** How the gateway gets out, and whom it trusts there. */
export interface Egress {
  /** `null`: every connection is direct. */
  readonly proxy:
    | ({
        /** Without user and password. */
        readonly url: string;
        readonly authenticates: boolean;
        readonly except: readonly string[];
      } & ProxyHealth)
    | null;
  /** Private authorities; `null`: there are none. */
  readonly authorities: {
    readonly file: string;
    readonly certificates: readonly { readonly subject: string; readonly expiresAt: number }[];
  } | null;
}

/** A webhook that needs looking after. */
export interface TroubledWebhook {
  readonly webhook: Webhook;
  readonly queue: Omit<WebhookQueue, 'webhookId'>;
}

/** How the whole gateway is doing. */
export interface GatewayOverview {
  readonly startedAt: number;
  /** When this was found out: answers are some seconds old at most. */
  readonly at: number;
  readonly webhooks: { readonly enabled: number; readonly disabled: number; readonly failing: number };
  /** Events that wait for a commit. */
  readonly queuedEvents: number;
  readonly delivery: DispatcherStatus;
  /** What the machine is short of, so that less is sent at once; `null`: nothing. */
  readonly shortage: { readonly of: Shortage; readonly since: number; readonly lastAt: number } | null;
  readonly egress: Egress;
  readonly store: StoreFigures;
  /** How far a change of the master key is. */
  readonly sealing: SealingStatus;
  /** How far what is older than it is kept has been cut. */
  readonly retention: RetentionStatus;
  /** Why nothing is taken away by the clock; `null`: it is believed. */
  readonly clockDoubt: ClockDoubt | null;
  /** All that share the store. */
  readonly processes: readonly ShownProcess[];
  /** Bytes of the process. */
  readonly memory: { readonly rss: number; readonly heapUsed: number };
  /** Those that fail, or were disabled by the gateway: the longest first. */
  readonly failing: readonly TroubledWebhook[];
  /** Those with the oldest report that was never tried, the oldest first. */
  readonly waitingLongest: readonly TroubledWebhook[];
}

export interface OverviewOptions {
  readonly clock: Clock;
  readonly registry: Pick<WebhookRegistry, 'get' | 'all'>;
  /** Since when a webhook of the registry fails; `null` while it is well. */
  readonly failingSince: (webhook: Webhook) => number | null;
  readonly dispatcher: () => DispatcherStatus;
  readonly queuedEvents: () => number;
  readonly shortage: () => GatewayOverview['shortage'];
  readonly sealing: () => SealingStatus;
  readonly retention: () => RetentionStatus;
  readonly clockDoubt: () => ClockDoubt | null;
  readonly egress: () => Egress;
  readonly store: StoreWatch;
  readonly processes: () => Promise<ProcessesLook>;
}

/** Whoever looks every few seconds is given what another one was. */
const rememberMs = 2_000;
const listed = 20;

/** @returns a function that finds out how the gateway is doing, at most every two seconds */
export function createOverview(options: OverviewOptions): () => Promise<GatewayOverview> {
  const { clock } = options;
  const startedAt = clock.now();
  let last: { readonly until: number; readonly answer: Promise<GatewayOverview> } | null = null;
  return () => {
    const now = clock.elapsed();
    if (last && now < last.until) return last.answer;
    const answer = lookAround(options, startedAt);
    last = { until: now + rememberMs, answer };
    // Who asks next tries again.
    answer.catch(() => {
      last = null;
    });
    return answer;
  };
}

async function lookAround(options: OverviewOptions, startedAt: number): Promise<GatewayOverview> {
  const { clock, registry, failingSince, dispatcher, queuedEvents, shortage, sealing, store } = options;
  const asItIs = (webhook: Webhook): Webhook => {
    const since = failingSince(webhook);
    return since === webhook.failingSince ? webhook : { ...webhook, failingSince: since };
  };
  const webhooks = registry.all().map(({ webhook }) => asItIs(webhook));
  const failing = webhooks.filter(isInTrouble).sort(byTrouble);
  const shown = failing.slice(0, listed);
  const [{ processes, led }, figures, queues] = await Promise.all([
    options.processes(),
    store.figures(),
    store.queues({ longest: listed, also: shown.map(({ id }) => id) }),
  ]);
  const byId = new Map(queues.map((queue) => [queue.webhookId, queue]));
  const withQueue = (webhook: Webhook): TroubledWebhook => {
    const { waiting, oldestPendingAt } = byId.get(webhook.id) ?? { waiting: 0, oldestPendingAt: null };
    return { webhook, queue: { waiting, oldestPendingAt } };
  };
  const waitingLongest = queues
    .filter(({ oldestPendingAt }) => oldestPendingAt !== null)
    .sort((a, b) => (a.oldestPendingAt ?? 0) - (b.oldestPendingAt ?? 0))
    .flatMap(({ webhookId }) => registry.get(webhookId)?.webhook ?? [])
    .filter(({ status }) => status === 'enabled')
    .slice(0, listed)
    .map(asItIs);
  const enabled = webhooks.filter(({ status }) => status === 'enabled').length;
  const { rss, heapUsed } = processMemory();
  return {
    startedAt,
    at: clock.now(),
    webhooks: { enabled, disabled: webhooks.length - enabled, failing: failing.length },
    queuedEvents: queuedEvents(),
    delivery: toldOf(dispatcher()),
    shortage: shortage(),
    store: figures,
    // Where another process does it, as far as that one has come.
    sealing: led?.sealing ?? sealing(),
    retention: led?.retention ?? options.retention(),
    processes,
    clockDoubt: options.clockDoubt(),
    egress: options.egress(),
    memory: { rss, heapUsed },
    failing: shown.map(withQueue),
    waitingLongest: waitingLongest.map(withQueue),
  };
}

/** What its owner disabled is as it should be. */
function isInTrouble({ status, disabledReason, failingSince }: Webhook): boolean {
  return status === 'disabled' ? disabledReason !== 'by_user' : failingSince !== null;
}

function byTrouble(a: Webhook, b: Webhook): number {
  return (a.failingSince ?? a.updatedAt) - (b.failingSince ?? b.updatedAt);
}

/** What is told of deliveries, and nothing else that the couriers know of themselves. */
function toldOf(status: DispatcherStatus): DispatcherStatus {
  const { inFlight, mostInFlight, lanes, inMemory, openBreakers, disabledLanes } = status;
  return { inFlight, mostInFlight, lanes, inMemory, openBreakers, disabledLanes };
}
