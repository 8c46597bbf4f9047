import { expect } from 'vitest';
import type { AttemptRecord } from '../../core/delivery.ts';
import { parseSequenceId, sequenceTime } from '../../core/ids.ts';
import { statusStep } from '../../core/status-ladder.ts';
import { retrySchedule } from '../../shared/retry-schedule.ts';
import { type ModelDelivery, type ModelRequest, type ModelWebhook, mustBeOpen } from './model.ts';

/** What must hold whenever a request starts. */
export function checkStart(of: ModelWebhook, request: ModelRequest, now: number): void {
  const { settings, status } = of.webhook;
  expect(status, 'a disabled webhook gets nothing').toBe('enabled');
  expect(of.deleted, 'a deleted webhook gets something').toBe(false);
  expect(of.underWay.size, 'requests under way').toBeLessThan(settings.maxConcurrency);
  expect(request.deliveries.length, 'reports in one request').toBeLessThanOrEqual(
    settings.batch?.maxItems ?? 1,
  );
  checkRate(of, now);
  checkBreaker(of, now);
  for (const delivery of request.deliveries) {
    expect(delivery.isOut, `${delivery.name} is under way already`).toBe(false);
    expect(delivery.dueAt, `${delivery.name} was due`).toBeLessThanOrEqual(now);
    if (!delivery.replayed) checkFirstRun(of, delivery, now);
  }
}

function checkFirstRun(of: ModelWebhook, delivery: ModelDelivery, now: number): void {
  const { giveUpAfterMs } = of.webhook.settings.retry;
  expect([null, 'retrying'], `${delivery.name} has not ended`).toContain(delivery.latest);
  const acceptedAt = sequenceTime(parseSequenceId('dlv', delivery.id ?? '') ?? 0);
  const worthlessAfter = acceptedAt + (giveUpAfterMs ?? Number.POSITIVE_INFINITY);
  expect(now, `${delivery.name} is worth its attempt`).toBeLessThanOrEqual(worthlessAfter);
}

/** No time, however short or long, has more requests than its rate allows, plus what the bucket holds. */
function checkRate(of: ModelWebhook, now: number): void {
  const { ratePerSecond } = of.webhook.settings;
  if (ratePerSecond === null) return;
  const burst = Math.max(1, ratePerSecond * 0.02);
  for (const [i, from] of of.starts.entries()) {
    const most = burst + ((now - from) / 1000) * ratePerSecond;
    expect(of.starts.length - i + 1, `requests since ${now - from} ms ago`).toBeLessThanOrEqual(most + 1e-6);
  }
}

const shortestOpenMs = 4_000;

function checkBreaker(of: ModelWebhook, now: number): void {
  if (!mustBeOpen(of)) return;
  const probes = [...of.underWay].filter(({ isProbe }) => isProbe);
  expect(probes.length, 'probes under way while the breaker is open').toBe(0);
  expect(now - of.probeFailedAt, 'time since the last probe').toBeGreaterThanOrEqual(shortestOpenMs);
}

/** One message's reports one after another, and none that says less than what was delivered. */
export function checkOrder(
  of: ModelWebhook,
  delivery: ModelDelivery,
  isWaiting: (other: ModelDelivery) => boolean,
): void {
  if (!of.webhook.settings.ordered) return;
  const step = statusStep(delivery.event);
  for (const other of of.deliveries) {
    if (other === delivery || other.event.messageId !== delivery.event.messageId) continue;
    const both = `${other.name} (${other.event.status}) and ${delivery.name} (${delivery.event.status})`;
    // One that has ended in the store may not have been told of yet.
    expect(other.isOut && isWaiting(other), `${both} are under way at the same time`).toBe(false);
    if (delivery.replayed) continue;
    if (other.place < delivery.place && !other.replayed)
      expect(isWaiting(other), `of ${both} the earlier one has ended`).toBe(false);
    if (other.latest === 'delivered' && step > 0 && other.event.part === delivery.event.part)
      expect(statusStep(other.event), `${both}: the first says less`).toBeLessThanOrEqual(step);
  }
}

const jitter = 0.2;
const overloadRetryMs = 1_000;

/** A retry is due when the schedule or the endpoint says. */
export function checkRetry(
  delivery: ModelDelivery,
  record: AttemptRecord,
  counted: number,
  retryAfterMs: number | null,
): void {
  if (record.after.state !== 'retrying' || delivery.replayed) return;
  if ([404, 413, 422].includes(record.statusCode ?? 0) && record.counts === false) {
    expect(record.after.dueAt, 'a half goes at once').toBe(record.startedAt + record.durationMs);
    return;
  }
  const overloaded = record.statusCode === 429 || record.statusCode === 503;
  const step = overloaded ? overloadRetryMs : (retrySchedule[counted] ?? Number.NaN);
  const asked = retryAfterMs ?? 0;
  const wait = record.after.dueAt - record.startedAt - record.durationMs;
  expect(wait, `retry ${record.number} after ${step} ms`).toBeGreaterThanOrEqual(
    Math.max(step * (1 - jitter), asked) - 1,
  );
  expect(wait, `retry ${record.number} after ${step} ms`).toBeLessThanOrEqual(
    Math.max(step * (1 + jitter), asked) + 1,
  );
}
