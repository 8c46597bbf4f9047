import type { Clock } from '../core/clock.ts';
import type { AttemptRecord, Conclusion, QueuedDelivery } from '../core/delivery.ts';
import { createAttemptCounts } from './attempt-counts.ts';
import { createMetricSheet, type Labelled, type MetricDescription } from './metric-sheet.ts';
import { addProcessMetrics } from './process-metrics.ts';

/** What the store holds: `StoreFigures` of its ports, which what measures need not know. */
export interface WatchedStore {
  readonly waiting: number;
  readonly oldestPendingAt: number | null;
  readonly bytes: Readonly<Record<string, number>>;
}

/** How far what is older than it is kept has been cut. */
export interface WatchedRetention {
  readonly cut: number;
  readonly dropped: number;
  readonly payload: { readonly behindMs: number; readonly left: number };
  readonly log: { readonly behindMs: number; readonly left: number };
}

/** What is happening right now, read when the metrics are. */
export interface MetricsSources {
  readonly clock: Pick<Clock, 'now' | 'elapsed'>;
  readonly queuedEvents: () => number;
  readonly commits: { readonly failures: number; readonly problem: string | null };
  readonly indexTroubles: { readonly problem: string | null };
  /** What counts of them against the intake's room. */
  readonly queuedDeliveries: () => number;
  readonly dispatcher: () => {
    readonly inFlight: number;
    readonly mostInFlight: number;
    readonly lanes: number;
    readonly inMemory: number;
    readonly openBreakers: number;
    readonly disabledLanes: number;
  };
  /** For how many seconds each courier's thread had something to do. */
  readonly couriersBusy: () => readonly number[];
  readonly liveListeners: () => number;
  /** How often the machine was short of each. */
  readonly shortages: Readonly<Record<string, number>>;
  readonly spans: () => { readonly exported: number; readonly dropped: number };
  readonly retention: () => WatchedRetention;
  /** Of those that share the store, and the part of them that this one is. */
  readonly cluster: {
    readonly processes: readonly { readonly id: string; readonly shards: number }[];
    readonly id: string;
    readonly leads: boolean;
    /** The store has answered nothing for so long that all of this is out of date, and nothing is sent. */
    readonly isCutOff: boolean;
  };
  /** How far the clock is ahead of what is believed, ms. */
  readonly clockAheadMs: () => number;
  /** Asked every 10 s at most. */
  readonly store: () => Promise<WatchedStore>;
}

/** What metrics need of an answer to a call that hands in events. */
export interface ReceivedEvents {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly events: readonly { readonly result: string; readonly unmatched?: 'sender' }[];
}

/** Prometheus metrics. No label has a webhook, account or number in it, so their count is fixed. */
export interface Metrics {
  /** Hears of every call that hands in events. */
  received(call: { readonly answer: ReceivedEvents; readonly durationMs: number }): void;
  /** A call was answered 503: nothing of it was taken. */
  refused(): void;
  /** Hears of every attempt; cheap. */
  attempted(record: AttemptRecord, delivery: QueuedDelivery): void;
  /** Hears of every delivery that ended without an attempt. */
  concluded(conclusion: Conclusion): void;
  /** Hears of deliveries that were skipped together. */
  skipped(webhookId: string, reason: string, deliveries: number): void;
  /** Prometheus' text format. */
  text(): Promise<string>;
  readonly descriptions: readonly MetricDescription[];
  close(): void;
}

const storeReadingMs = 10_000;

export function createMetrics(sources: MetricsSources): Metrics {
  const sheet = createMetricSheet();
  const attempts = createAttemptCounts();
  const events = { accepted: 0, duplicate: 0, rejected: 0 };
  const unmatched = { sender: 0 };
  const finished = { delivered: 0, failed: 0, skipped: 0 };
  let refused = 0;
  /** Asked for once in each reading of the metrics. */
  let status = { inFlight: 0, mostInFlight: 0, lanes: 0, inMemory: 0, openBreakers: 0, disabledLanes: 0 };
  let store: WatchedStore = { waiting: 0, oldestPendingAt: null, bytes: {} };
  let storeReadAt = Number.NEGATIVE_INFINITY;

  sheet.labelled(
    'counter',
    'hookwire_events_total',
    'Events by what became of them: accepted, duplicate, rejected.',
    ['result'],
    () => by('result', events),
  );
  sheet.labelled(
    'counter',
    'hookwire_events_unmatched_total',
    'Events that were accepted although their Waba Number is no sender of their account (of: sender).',
    ['of'],
    () => by('of', unmatched),
  );
  sheet.counter(
    'hookwire_accept_refused_total',
    'Calls that hand in events and were answered 503, because too much waits or the disk refuses.',
    () => refused,
  );
  sheet.gauge('hookwire_intake_queued_events', 'Events that wait for their commit.', sources.queuedEvents);
  sheet.gauge(
    'hookwire_intake_queued_deliveries',
    'Deliveries that wait to be written, of each account a quarter of HOOKWIRE_INTAKE_QUEUE at most.',
    sources.queuedDeliveries,
  );
  sheet.counter(
    'hookwire_commits_failed_total',
    'Commits that the disk refused, and tries to write in between.',
    () => sources.commits.failures,
  );
  sheet.gauge(
    'hookwire_store_writable',
    'Whether what comes reaches the disk: 1, or 0 while commits fail or the database does not answer; then /readyz says 503.',
    () => (sources.commits.problem === null && !sources.cluster.isCutOff ? 1 : 0),
  );
  sheet.gauge(
    'hookwire_search_index_writable',
    'Whether the search index is kept in order: 1, or 0 while something refuses that; then searches slow down and erasures wait.',
    () => (sources.indexTroubles.problem === null ? 1 : 0),
  );
  const acceptDuration = sheet.histogram(
    'hookwire_accept_duration_seconds',
    'How long calls that hand in events take until all of it is on disk, the wait for the commit included.',
  );
  sheet.labelled(
    'counter',
    'hookwire_attempts_total',
    'Attempts by product, report type and outcome: delivered, or the class of the error.',
    ['product', 'report_type', 'outcome'],
    attempts.read,
  );
  const attemptDuration = sheet.histogram(
    'hookwire_attempt_duration_seconds',
    'How long endpoints take, from the start of an attempt to the end of the answer.',
  );
  const latency = sheet.histogram(
    'hookwire_delivery_latency_seconds',
    'From acceptance to the end of a successful first attempt.',
  );
  sheet.labelled(
    'counter',
    'hookwire_deliveries_finished_total',
    'Deliveries that ended, with or without an attempt, by how: delivered, failed, skipped.',
    ['state'],
    () => by('state', finished),
  );
  sheet.gauge(
    'hookwire_in_flight',
    'Deliveries sent or being sent, and not yet recorded.',
    () => status.inFlight,
  );
  sheet.gauge(
    'hookwire_most_in_flight',
    'How many of them there may be: fewer than HOOKWIRE_MAX_IN_FLIGHT while the machine is short of something.',
    () => status.mostInFlight,
  );
  sheet.labelled(
    'counter',
    'hookwire_shortages_total',
    'How often the machine had none left for a request, by what: files (descriptors), ports, memory, lookups (names of an account are not answered). The request is made later; no attempt is used up.',
    ['of'],
    () => by('of', sources.shortages),
  );
  sheet.gauge('hookwire_lanes', 'Webhooks with a lane.', () => status.lanes);
  sheet.gauge(
    'hookwire_open_breakers',
    'Lanes that wait because their endpoint fails.',
    () => status.openBreakers,
  );
  sheet.gauge('hookwire_disabled_lanes', 'Lanes of webhooks that are disabled.', () => status.disabledLanes);
  sheet.labelled(
    'counter',
    'hookwire_courier_busy_seconds_total',
    'Time in which the thread of a courier had something to do. When it grows by nearly a second in each second, more couriers (HOOKWIRE_COURIERS) deliver more, if there are cores for them.',
    ['courier'],
    () => sources.couriersBusy().map((seconds, courier) => [{ courier: String(courier) }, seconds]),
  );
  sheet.gauge('hookwire_deliveries_in_memory', 'Deliveries that wait in memory.', () => status.inMemory);
  sheet.gauge(
    'hookwire_deliveries_waiting',
    'Deliveries that wait for an attempt, in memory or in the store; counted up to 1,000,000, anew every 10 s.',
    () => store.waiting,
  );
  sheet.gauge(
    'hookwire_oldest_pending_seconds',
    'How long the oldest delivery of an enabled webhook waits for its first attempt; 0 if none does.',
    () => (store.oldestPendingAt === null ? 0 : secondsSince(store.oldestPendingAt)),
  );
  sheet.labelled(
    'gauge',
    'hookwire_store_bytes',
    'Size of the store by part. SQLite: database, and wal (what is not folded into it yet). PostgreSQL: its largest tables with their indexes (events, deliveries, attempts, waiting, event_identities), as last vacuumed, and other; of all processes together.',
    ['part'],
    () => by('part', store.bytes),
  );
  sheet.labelled(
    'counter',
    'hookwire_retention_events_total',
    'Events that were older than they are kept, by what was done: cut (contents), dropped (all).',
    ['result'],
    () => {
      const { cut, dropped } = sources.retention();
      return by('result', { cut, dropped });
    },
  );
  sheet.labelled(
    'gauge',
    'hookwire_retention_behind_seconds',
    'How much older something is than its clock (payload, log) lets it be: some seconds, but for a backlog that is worked off.',
    ['clock'],
    () => {
      const { payload, log } = sources.retention();
      return by('clock', { payload: payload.behindMs / 1000, log: log.behindMs / 1000 });
    },
  );
  sheet.labelled(
    'gauge',
    'hookwire_retention_left_events',
    'Events that are old enough (payload, log), of which a delivery still waits or is under way.',
    ['clock'],
    () => {
      const { payload, log } = sources.retention();
      return by('clock', { payload: payload.left, log: log.left });
    },
  );
  sheet.gauge(
    'hookwire_clock_ahead_seconds',
    'How far the clock is ahead of the time that was seen to pass, so that nothing is cut or deleted by it; 0 while it is believed.',
    () => sources.clockAheadMs() / 1000,
  );
  sheet.gauge(
    'hookwire_processes',
    'Gateways that share the store and were heard of within the last seconds, this one among them.',
    () => sources.cluster.processes.length,
  );
  sheet.gauge(
    'hookwire_shards_owned',
    'Of the 256 parts of all webhooks, those whose deliveries this process sends; 0 while the database does not answer.',
    () =>
      sources.cluster.isCutOff
        ? 0
        : (sources.cluster.processes.find(({ id }) => id === sources.cluster.id)?.shards ?? 0),
  );
  sheet.gauge(
    'hookwire_leads',
    'Whether what runs once in a cluster runs in this process (1): retention, tasks, erasures. Of the others, retention tells nothing. 0 while the database does not answer.',
    () => (sources.cluster.leads && !sources.cluster.isCutOff ? 1 : 0),
  );
  sheet.gauge('hookwire_live_listeners', 'Open streams of GET /v1/live.', sources.liveListeners);
  sheet.labelled(
    'counter',
    'hookwire_spans_total',
    'Spans of traces by what became of them: exported, dropped because the collector did not take them.',
    ['result'],
    () => {
      const { exported, dropped } = sources.spans();
      return by('result', { exported, dropped });
    },
  );
  const stopWatching = addProcessMetrics(sheet);

  function secondsSince(at: number): number {
    return Math.max(0, sources.clock.now() - at) / 1000;
  }

  async function readStore(): Promise<void> {
    const now = sources.clock.elapsed();
    if (now - storeReadAt < storeReadingMs) return;
    storeReadAt = now;
    // A store that does not answer shows in readiness and in the log; the last figures stay.
    store = await sources.store().catch(() => store);
  }

  return {
    received({ answer, durationMs }) {
      events.accepted += answer.accepted;
      events.duplicate += answer.duplicates;
      events.rejected += answer.rejected;
      for (const item of answer.events) {
        if (item.unmatched && item.result === 'accepted') unmatched[item.unmatched]++;
      }
      acceptDuration.observe(durationMs);
    },
    refused() {
      refused++;
    },
    attempted(record, { event, acceptedAt }) {
      attempts.attempted(event, record.errorClass);
      attemptDuration.observe(record.durationMs);
      const { state } = record.after;
      if (state !== 'retrying') finished[state]++;
      if (record.number === 1 && state === 'delivered') {
        latency.observe(record.startedAt + record.durationMs - acceptedAt);
      }
    },
    concluded({ after }) {
      finished[after.state]++;
    },
    skipped(_webhookId, _reason, deliveries) {
      finished.skipped += deliveries;
    },
    async text() {
      await readStore();
      status = sources.dispatcher();
      return sheet.text();
    },
    descriptions: sheet.descriptions,
    close: stopWatching,
  };
}

function* by(label: string, values: Readonly<Record<string, number>>): Labelled {
  for (const [name, value] of Object.entries(values)) yield [{ [label]: name }, value];
}
