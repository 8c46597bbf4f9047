import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { AttemptRecord, QueuedDelivery } from '../core/delivery.ts';

/** What is happening right now, read when the metrics are. */
export interface MetricsSources {
  readonly queuedEvents: () => number;
  readonly dispatcher: () => { readonly inFlight: number; readonly lanes: number; readonly inMemory: number };
}

/** Prometheus metrics. No label has a webhook, account or number in it, so their count is fixed. */
export interface Metrics {
  received(answer: {
    readonly accepted: number;
    readonly duplicates: number;
    readonly rejected: number;
  }): void;
  attempted(record: AttemptRecord, delivery: QueuedDelivery): void;
  /** Prometheus' text format. */
  text(): Promise<string>;
}

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createMetrics(sources: MetricsSources): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const events = new Counter({
    name: 'hookwire_events_total',
    help: 'Events by what became of them: accepted, duplicate, rejected.',
    labelNames: ['result'],
    registers,
  });
  const attempts = new Counter({
    name: 'hookwire_attempts_total',
    help: 'Attempts by product, report type and outcome: delivered, or the class of the error.',
    labelNames: ['product', 'report_type', 'outcome'],
    registers,
  });
  const duration = new Histogram({
    name: 'hookwire_attempt_duration_seconds',
    help: 'How long endpoints take, from the start of an attempt to the end of the answer.',
    buckets: secondsBuckets,
    registers,
  });
  const latency = new Histogram({
    name: 'hookwire_delivery_latency_seconds',
    help: 'From acceptance to the end of a successful first attempt.',
    buckets: secondsBuckets,
    registers,
  });
  gauge('hookwire_intake_queued_events', 'Events that wait for their commit.', sources.queuedEvents);
  gauge(
    'hookwire_in_flight',
    'Deliveries sent or being sent, and not yet recorded.',
    () => sources.dispatcher().inFlight,
  );
  gauge('hookwire_lanes', 'Webhooks with a lane.', () => sources.dispatcher().lanes);
  gauge(
    'hookwire_deliveries_in_memory',
    'Deliveries that wait in memory.',
    () => sources.dispatcher().inMemory,
  );
  gauge('process_resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss());

  function gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  }

  return {
    received(answer) {
      events.inc({ result: 'accepted' }, answer.accepted);
      events.inc({ result: 'duplicate' }, answer.duplicates);
      events.inc({ result: 'rejected' }, answer.rejected);
    },
    attempted(record, { event, acceptedAt }) {
      attempts.inc({
        product: event.product,
        report_type: event.reportType,
        outcome: record.errorClass ?? 'delivered',
      });
      duration.observe(record.durationMs / 1000);
      if (record.number === 1 && record.after.state === 'delivered') {
        latency.observe((record.startedAt + record.durationMs - acceptedAt) / 1000);
      }
    },
    text: () => registry.metrics(),
  };
}
