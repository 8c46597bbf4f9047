import { believedAfterMs } from '../../../core/trusted-clock.ts';
import type { Egress, GatewayOverview, TroubledWebhook } from '../../../history/gateway-overview.ts';
import type { ShownProcess } from '../../../history/process-standing.ts';
import type { ClockProgress } from '../../../stores/ports/retention.ts';
import { maskUrl } from '../../../telemetry/mask.ts';
import { formatInstant, formatOptionalInstant } from '../../shapes/instants.ts';
import type { ViewOf } from '../../shapes/view-of.ts';
import type { clockProgress, egress, gatewayHealth, gatewayProcess, troubled } from './schema.ts';

/** How the whole gateway is doing, for operators. */
export function gatewayView(
  { version, ready, detail }: Pick<ViewOf<typeof gatewayHealth>, 'version' | 'ready' | 'detail'>,
  overview: GatewayOverview,
): ViewOf<typeof gatewayHealth> {
  const { startedAt, at, webhooks, queuedEvents, delivery, shortage, store, sealing, memory } = overview;
  const { payload, log, cut, dropped } = overview.retention;
  const { clockDoubt } = overview;
  return {
    version,
    node: process.version,
    ready,
    detail,
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
    retention: { payload: clockView(payload), log: clockView(log), cut, dropped },
    clock: clockDoubt && {
      aheadMs: clockDoubt.aheadMs,
      believedInMs: believedAfterMs - clockDoubt.forMs,
    },
    egress: egressView(overview.egress),
    processes: overview.processes.map(processView),
    memory,
    failing: overview.failing.map(troubledView),
    waitingLongest: overview.waitingLongest.map(troubledView),
  };
}

function processView(process: ShownProcess): ViewOf<typeof gatewayProcess> {
  const { id, name, version, node, shards, leads, isThis, standing } = process;
  return {
    ...{ id, name, version, node, shards, leads, isThis },
    startedAt: formatInstant(process.startedAt),
    state: process.isLeaving ? 'leaving' : 'atWork',
    inFlight: standing?.delivery.inFlight ?? null,
    queuedEvents: standing?.queuedEvents ?? null,
  };
}

function clockView({ doneUpTo, behindMs, left }: ClockProgress): ViewOf<typeof clockProgress> {
  return { doneUpTo: formatOptionalInstant(doneUpTo), behindMs, left };
}

function troubledView({ webhook, queue }: TroubledWebhook): ViewOf<typeof troubled> {
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

function egressView({ proxy, authorities }: Egress): ViewOf<typeof egress> {
  return {
    proxy: proxy && {
      url: proxy.url,
      authenticates: proxy.authenticates,
      except: [...proxy.except],
      state: proxy.state,
      workedAt: formatOptionalInstant(proxy.workedAt),
      trouble: proxy.trouble && {
        class: proxy.trouble.class,
        detail: proxy.trouble.detail,
        since: formatInstant(proxy.trouble.since),
        lastAt: formatInstant(proxy.trouble.lastAt),
      },
    },
    authorities: authorities && {
      file: authorities.file,
      count: authorities.certificates.length,
      certificates: [...authorities.certificates]
        .sort((a, b) => a.expiresAt - b.expiresAt)
        .slice(0, shownCertificates)
        .map(({ subject, expiresAt }) => ({ subject, expiresAt: formatInstant(expiresAt) })),
    },
  };
}

const shownCertificates = 20;
