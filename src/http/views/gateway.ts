import type { GatewayOverview, TroubledWebhook } from '../../history/gateway-overview.ts';
import { maskUrl } from '../../telemetry/mask.ts';
import { formatInstant, formatOptionalInstant } from '../instants.ts';

/** How the whole gateway is doing, for operators. */
export function gatewayView(overview: GatewayOverview) {
  const { startedAt, at, webhooks, queuedEvents, delivery, shortage, store, sealing, memory } = overview;
  return {
    startedAt: formatInstant(startedAt),
    at: formatInstant(at),
    webhooks,
    queuedEvents,
    delivery,
    shortage: shortage && {
      of: shortage.of,
      since: formatInstant(shortage.since),
      lastAt: formatInstant(shortage.lastAt),
    },
    store: { ...store, oldestPendingAt: formatOptionalInstant(store.oldestPendingAt) },
    sealing,
    memory,
    failing: overview.failing.map(troubledView),
    waitingLongest: overview.waitingLongest.map(troubledView),
  };
}

function troubledView({ webhook, queue }: TroubledWebhook) {
  return {
    webhookId: webhook.id,
    accountId: webhook.accountId,
    url: maskUrl(webhook.url),
    status: webhook.status,
    disabledReason: webhook.disabledReason,
    failingSince: formatOptionalInstant(webhook.failingSince),
    waiting: queue.waiting,
    oldestPendingAt: formatOptionalInstant(queue.oldestPendingAt),
  };
}
