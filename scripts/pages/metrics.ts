import { createMetrics } from '../../src/telemetry/metrics.ts';
import { code, generatedFrom, table } from './markdown.ts';

/** `docs/reference/metrics.md` */
export function metricsPage(): string {
  const metrics = createMetrics({
    clock: { now: () => 0, elapsed: () => 0 },
    queuedEvents: () => 0,
    queuedDeliveries: () => 0,
    commits: { failures: 0, problem: null },
    indexTroubles: { problem: null },
    dispatcher: () => ({
      inFlight: 0,
      mostInFlight: 0,
      lanes: 0,
      inMemory: 0,
      openBreakers: 0,
      disabledLanes: 0,
    }),
    couriersBusy: () => [0],
    liveListeners: () => 0,
    cluster: { id: '', processes: [], leads: true, isCutOff: false },
    shortages: { files: 0, ports: 0, memory: 0 },
    spans: () => ({ exported: 0, dropped: 0 }),
    clockAheadMs: () => 0,
    retention: () => ({
      cut: 0,
      dropped: 0,
      payload: { behindMs: 0, left: 0 },
      log: { behindMs: 0, left: 0 },
    }),
    store: async () => ({ waiting: 0, oldestPendingAt: null, bytes: {} }),
  });
  metrics.close();
  const rows = metrics.descriptions.map(({ name, type, labels, help }) => [
    code(name),
    type,
    labels.map(code).join(', '),
    help,
  ]);
  return `${generatedFrom('src/telemetry/')}# Metrics

\`GET /metrics\` in Prometheus' text format. No label names a webhook, an account or a number, so the number of series
is fixed: some 150. Figures of one webhook come from \`GET /v1/webhooks/:id/stats\`. Counters begin at 0 when the
process starts; figures of the store are read every 10 s at most.

${table(['metric', 'type', 'labels', 'meaning'], rows)}`;
}
