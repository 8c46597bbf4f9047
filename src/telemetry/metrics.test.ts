import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attemptRecord, failedAttempt, queuedDelivery } from '../testing/attempts.ts';
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts';
import { createMetrics, type Metrics, type WatchedStore } from './metrics.ts';

let clock: ManualClock;
let metrics: Metrics;
let store: () => Promise<WatchedStore>;
let problem: string | null;
let isCutOff: boolean;
let asked: number;
beforeEach(() => {
  clock = createManualClock();
  asked = 0;
  [problem, isCutOff] = ['disk full', false];
  store = async () => ({
    waiting: 7,
    oldestPendingAt: clock.now() - 2_500,
    bytes: { database: 4096, wal: 0 },
  });
  metrics = createMetrics({
    clock,
    queuedEvents: () => 5,
    queuedDeliveries: () => 7,
    commits: {
      failures: 3,
      get problem() {
        return problem;
      },
    },
    indexTroubles: { problem: 'disk full' },
    dispatcher: () => ({
      inFlight: 1,
      mostInFlight: 7,
      lanes: 2,
      inMemory: 3,
      openBreakers: 4,
      disabledLanes: 6,
    }),
    couriersBusy: () => [12.5, 3],
    liveListeners: () => 8,
    cluster: {
      ...{ id: 'b', leads: true },
      get isCutOff() {
        return isCutOff;
      },
      processes: [
        { id: 'a', shards: 100 },
        { id: 'b', shards: 156 },
      ],
    },
    shortages: { files: 3, ports: 0, memory: 0 },
    spans: () => ({ exported: 9, dropped: 10 }),
    clockAheadMs: () => 86_400_000,
    retention: () => ({
      ...{ cut: 11, dropped: 12 },
      ...{ payload: { behindMs: 1_500, left: 13 }, log: { behindMs: 0, left: 0 } },
    }),
    store() {
      asked++;
      return store();
    },
  });
});
afterEach(() => metrics.close());

const delivery = queuedDelivery({ acceptedAt: 0 });

/** The lines of the metrics that begin so. */
async function lines(start: string): Promise<string[]> {
  return (await metrics.text()).split('\n').filter((line) => line.startsWith(start));
}

describe('metrics', () => {
  it('tell of a cluster how many there are, and what part of it this one is', async () => {
    const told = ['hookwire_processes ', 'hookwire_shards_owned ', 'hookwire_leads '].map(lines);
    expect((await Promise.all(told)).flat()).toEqual([
      ...['hookwire_processes 2', 'hookwire_shards_owned 156', 'hookwire_leads 1'],
    ]);
  });

  it('say while the database does not answer that nothing is written or sent, nor led from here', async () => {
    problem = null;
    const names = ['hookwire_store_writable ', 'hookwire_shards_owned ', 'hookwire_leads '];
    const told = async (): Promise<string[]> => (await Promise.all(names.map(lines))).flat();
    expect(await told()).toEqual([
      ...['hookwire_store_writable 1', 'hookwire_shards_owned 156', 'hookwire_leads 1'],
    ]);
    isCutOff = true;
    expect(await told()).toEqual([
      ...['hookwire_store_writable 0', 'hookwire_shards_owned 0', 'hookwire_leads 0'],
    ]);
  });

  it('tell how busy each courier is', async () => {
    expect(await lines('hookwire_courier_busy')).toEqual([
      'hookwire_courier_busy_seconds_total{courier="0"} 12.5',
      'hookwire_courier_busy_seconds_total{courier="1"} 3',
    ]);
  });

  it('count events by what became of them, and calls that were refused', async () => {
    const unmatched = { unmatched: 'sender' } as const;
    const events = [
      { result: 'accepted', ...unmatched },
      { result: 'duplicate', ...unmatched },
      { result: 'accepted' },
    ];
    metrics.received({ answer: { accepted: 3, duplicates: 2, rejected: 1, events }, durationMs: 4 });
    metrics.received({ answer: { accepted: 1, duplicates: 0, rejected: 0, events: [] }, durationMs: 4 });
    metrics.refused();
    expect(await lines('hookwire_events_total')).toEqual([
      'hookwire_events_total{result="accepted"} 4',
      'hookwire_events_total{result="duplicate"} 2',
      'hookwire_events_total{result="rejected"} 1',
    ]);
    expect(await lines('hookwire_events_unmatched_total')).toEqual([
      'hookwire_events_unmatched_total{of="sender"} 1',
    ]);
    expect(await lines('hookwire_accept_refused_total')).toEqual(['hookwire_accept_refused_total 1']);
  });

  it('count the same however often they are read', async () => {
    metrics.attempted(attemptRecord(), delivery);
    await metrics.text();
    expect(await lines('hookwire_attempts_total')).toEqual([
      'hookwire_attempts_total{product="sms",report_type="dlr",outcome="delivered"} 1',
    ]);
  });

  it('count attempts by product, report type and outcome, and deliveries by their end', async () => {
    const mo = queuedDelivery({}, { product: 'whatsapp', reportType: 'mo' });
    metrics.attempted(failedAttempt(), delivery);
    metrics.attempted(attemptRecord({ number: 2 }), delivery);
    metrics.attempted(attemptRecord(), mo);
    metrics.attempted(
      failedAttempt({ errorClass: 'dns', after: { state: 'failed', reason: 'gave_up_after' } }),
      delivery,
    );
    expect(await lines('hookwire_attempts_total')).toEqual([
      'hookwire_attempts_total{product="sms",report_type="dlr",outcome="delivered"} 1',
      'hookwire_attempts_total{product="sms",report_type="dlr",outcome="dns"} 1',
      'hookwire_attempts_total{product="sms",report_type="dlr",outcome="status"} 1',
      'hookwire_attempts_total{product="whatsapp",report_type="mo",outcome="delivered"} 1',
    ]);
    expect(await lines('hookwire_deliveries_finished_total')).toEqual([
      'hookwire_deliveries_finished_total{state="delivered"} 2',
      'hookwire_deliveries_finished_total{state="failed"} 1',
      'hookwire_deliveries_finished_total{state="skipped"} 0',
    ]);
  });

  it('count deliveries that were skipped, alone or together', async () => {
    const after = { state: 'skipped', reason: 'outdated' } as const;
    metrics.concluded({ deliveryId: 'dlv_1', webhookId: 'wh_1', at: 0, after, ordered: true });
    metrics.skipped('wh_1', 'webhook_deleted', 500);
    expect(await lines('hookwire_deliveries_finished_total')).toContain(
      'hookwire_deliveries_finished_total{state="skipped"} 501',
    );
  });

  it('tell durations by buckets that include the smaller ones', async () => {
    for (const durationMs of [0, 1, 2, 40, 40_000])
      metrics.attempted(attemptRecord({ durationMs }), delivery);
    const [first, second, ...rest] = await lines('hookwire_attempt_duration_seconds');
    expect([first, second, ...rest.slice(-4)]).toEqual([
      'hookwire_attempt_duration_seconds_bucket{le="0.001"} 2',
      'hookwire_attempt_duration_seconds_bucket{le="0.0025"} 3',
      'hookwire_attempt_duration_seconds_bucket{le="30"} 4',
      'hookwire_attempt_duration_seconds_bucket{le="+Inf"} 5',
      'hookwire_attempt_duration_seconds_sum 40.043',
      'hookwire_attempt_duration_seconds_count 5',
    ]);
  });

  it('take the latency of first attempts that deliver', async () => {
    metrics.attempted(attemptRecord({ startedAt: 400 }), delivery);
    metrics.attempted(attemptRecord({ startedAt: 5_000, number: 2 }), delivery);
    metrics.attempted(failedAttempt({ startedAt: 400 }), delivery);
    expect(await lines('hookwire_delivery_latency_seconds_sum')).toEqual([
      'hookwire_delivery_latency_seconds_sum 0.42',
    ]);
  });

  it('show what is happening now', async () => {
    const now = Object.fromEntries((await lines('hookwire_')).map((line) => line.split(' ')));
    expect(now).toMatchObject({
      hookwire_intake_queued_events: '5',
      hookwire_intake_queued_deliveries: '7',
      hookwire_commits_failed_total: '3',
      hookwire_store_writable: '0',
      hookwire_search_index_writable: '0',
      hookwire_in_flight: '1',
      hookwire_lanes: '2',
      hookwire_deliveries_in_memory: '3',
      hookwire_open_breakers: '4',
      hookwire_disabled_lanes: '6',
      'hookwire_retention_events_total{result="cut"}': '11',
      'hookwire_retention_events_total{result="dropped"}': '12',
      'hookwire_retention_behind_seconds{clock="payload"}': '1.5',
      hookwire_clock_ahead_seconds: '86400',
      'hookwire_retention_left_events{clock="payload"}': '13',
      hookwire_live_listeners: '8',
      'hookwire_spans_total{result="exported"}': '9',
      'hookwire_spans_total{result="dropped"}': '10',
      hookwire_deliveries_waiting: '7',
      hookwire_oldest_pending_seconds: '2.5',
      'hookwire_store_bytes{part="database"}': '4096',
      'hookwire_store_bytes{part="wal"}': '0',
    });
  });

  it('ask the store every ten seconds at most, and keep its last figures when it does not answer', async () => {
    await metrics.text();
    await metrics.text();
    expect(asked).toBe(1);
    clock.advance(10_000);
    store = async () => {
      throw new Error('The store died.');
    };
    expect(await lines('hookwire_deliveries_waiting')).toEqual(['hookwire_deliveries_waiting 7']);
    expect(asked).toBe(2);
  });

  it('are each described, and each described one is there', async () => {
    metrics.attempted(attemptRecord(), delivery);
    const types = (await metrics.text()).matchAll(/^# TYPE (\S+) (\S+)$/gm);
    const shown = [...types].map(([, name, type]) => `${name} ${type}`);
    expect(shown.sort()).toEqual(metrics.descriptions.map(({ name, type }) => `${name} ${type}`).sort());
    const units =
      /_(total|seconds|bytes|events|deliveries|writable|lanes|breakers|listeners|memory|waiting|flight|processes|owned|leads)$/;
    for (const { name, help } of metrics.descriptions)
      expect([name, help]).toEqual([expect.stringMatching(units), expect.stringMatching(/^[A-Z].*\.$/)]);
  });

  it('have no label with a webhook, an account or a number', () => {
    const labels = new Set(metrics.descriptions.flatMap((metric) => metric.labels));
    expect([...labels].sort()).toEqual([
      'clock',
      'courier',
      'of',
      'outcome',
      'part',
      'product',
      'report_type',
      'result',
      'state',
    ]);
  });
});
