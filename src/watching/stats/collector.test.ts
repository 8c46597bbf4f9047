import { describe, expect, it } from 'vitest';
import { errorClasses } from '../../core/delivery.ts';
import { attemptRecord, failedAttempt, queuedDelivery } from '../../testing/attempts.ts';
import { createStatsCollector } from './collector.ts';
import { positionOf } from './scale.ts';

const minute = 60_000;
const all = [0, Number.MAX_SAFE_INTEGER] as const;
const accepted = queuedDelivery({ acceptedAt: 0 });

describe('the collector', () => {
  it('counts attempts, deliveries, errors and times', () => {
    const collector = createStatsCollector();
    collector.attempted(failedAttempt({ startedAt: 10, durationMs: 3 }), accepted);
    collector.attempted(attemptRecord({ startedAt: 5_000, durationMs: 20, number: 2 }), accepted);
    collector.attempted(
      attemptRecord({
        startedAt: 9_000,
        durationMs: 15_000,
        errorClass: 'timeout_headers',
        after: { state: 'failed', reason: 'attempts_exhausted' },
      }),
      accepted,
    );
    expect(collector.take(10)).toEqual([
      {
        webhookId: 'wh_1',
        from: 0,
        attempts: 3,
        delivered: 1,
        failed: 1,
        errors: [errorClasses.indexOf('timeout_headers'), 1, errorClasses.indexOf('status'), 1],
        durations: [positionOf(3), 1, positionOf(20), 1, positionOf(15_000), 1],
        latencies: [positionOf(5_020), 1],
      },
    ]);
  });

  it('counts deliveries that failed without an attempt, in the minute of their end', () => {
    const collector = createStatsCollector();
    const ended = { deliveryId: 'dlv_1', webhookId: 'wh_1', ordered: false, at: minute + 5 };
    const waiting = queuedDelivery({ acceptedAt: 0, webhookId: 'wh_1' });
    collector.concluded({ ...ended, after: { state: 'failed', reason: 'gave_up_after' } }, waiting);
    collector.concluded({ ...ended, after: { state: 'skipped', reason: 'webhook_deleted' } }, waiting);
    expect(collector.take(10)).toEqual([
      {
        webhookId: 'wh_1',
        from: minute,
        attempts: 0,
        delivered: 0,
        failed: 1,
        errors: [],
        durations: [],
        latencies: [],
      },
    ]);
  });

  it('counts an attempt in the minute in which it ends', () => {
    const collector = createStatsCollector();
    collector.attempted(attemptRecord({ startedAt: minute - 10, durationMs: 20 }), accepted);
    expect(collector.take(10)).toMatchObject([{ from: minute }]);
  });

  it('leaves replays by hand out of the latency: they come whenever a person wants', () => {
    const collector = createStatsCollector();
    collector.attempted(attemptRecord({ manual: true, startedAt: 30_000 }), accepted);
    expect(collector.take(10)).toMatchObject([{ delivered: 1, latencies: [] }]);
  });

  it('gives the oldest minutes first, so many at once, and each but once', () => {
    const collector = createStatsCollector();
    for (const [webhookId, startedAt] of [
      ['wh_1', minute],
      ['wh_2', 0],
      ['wh_1', 0],
      ['wh_3', minute],
    ] as const) {
      collector.attempted(attemptRecord({ webhookId, startedAt }), accepted);
    }
    const taken = [collector.take(3), collector.take(3), collector.take(3)];
    expect(taken.map((rows) => rows.map(({ webhookId, from }) => [webhookId, from]))).toEqual([
      [
        ['wh_2', 0],
        ['wh_1', 0],
        ['wh_1', minute],
      ],
      [['wh_3', minute]],
      [],
    ]);
  });

  it('counts on in a minute that was taken before', () => {
    const collector = createStatsCollector();
    collector.attempted(attemptRecord(), accepted);
    collector.take(10);
    collector.attempted(attemptRecord(), accepted);
    expect(collector.take(10)).toMatchObject([{ attempts: 1 }]);
  });

  it('adds what is put back to what came meanwhile', () => {
    const collector = createStatsCollector();
    collector.attempted(attemptRecord(), accepted);
    const rows = collector.take(10);
    collector.attempted(attemptRecord(), accepted);
    collector.putBack(rows);
    expect(collector.of('wh_1', ...all)).toMatchObject([
      { attempts: 2, delivered: 2, durations: [positionOf(20), 2] },
    ]);
  });

  it('shows the minutes of one webhook and one range', () => {
    const collector = createStatsCollector();
    for (const startedAt of [0, minute, 2 * minute])
      collector.attempted(attemptRecord({ startedAt }), accepted);
    collector.attempted(attemptRecord({ webhookId: 'wh_2', startedAt: minute }), accepted);
    expect(collector.of('wh_1', minute, 2 * minute)).toMatchObject([
      { webhookId: 'wh_1', from: minute, attempts: 1 },
    ]);
  });

  it('takes no more than it may hold, and says how many attempts it missed', () => {
    const collector = createStatsCollector(1);
    collector.attempted(attemptRecord(), accepted);
    collector.attempted(attemptRecord({ webhookId: 'wh_2' }), accepted);
    collector.attempted(attemptRecord(), accepted);
    expect([collector.lost, collector.take(10)]).toMatchObject([1, [{ webhookId: 'wh_1', attempts: 2 }]]);
    collector.attempted(attemptRecord({ webhookId: 'wh_2' }), accepted);
    expect(collector.take(10)).toMatchObject([{ webhookId: 'wh_2' }]);
  });
});
