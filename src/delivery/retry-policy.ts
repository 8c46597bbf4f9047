import type { QueuedDelivery } from '../core/delivery.ts';
import type { WebhookSettings } from '../core/webhook.ts';
import { retryJitter, scheduledPauseMs } from '../shared/retry-schedule.ts';

/**
 * How long to wait after a failed attempt: the schedule's step ±20 %, so that deliveries which failed together do not
 * come back together. Attempts beyond the schedule repeat its last step.
 *
 * @param attempt the number of attempts made so far, this one included (from 1)
 * @param random yields 0 … 1
 */
export function retryDelayMs(attempt: number, random: () => number): number {
  return jittered(scheduledPauseMs(attempt), random);
}

/** @param random yields 0 … 1 */
export function jittered(ms: number, random: () => number): number {
  const spread = Math.min(Math.max(random(), 0), 1) * 2 - 1;
  return Math.round(ms * (1 + spread * retryJitter));
}

/**
 * Whether no further attempt may start at `at`, because the delivery was accepted longer than `giveUpAfterMs` ago.
 * All times in milliseconds.
 */
export function isTooLate(giveUpAfterMs: number | null, acceptedAt: number, at: number): boolean {
  return giveUpAfterMs !== null && at - acceptedAt > giveUpAfterMs;
}

/** How a delivery ends whose next attempt would come too late. */
export const gaveUp = Object.freeze({ state: 'failed', reason: 'gave_up_after' } as const);

/**
 * Whether a delivery that could be sent at `now` is not worth it any more, by its webhook's `retry.giveUpAfterMs`: it
 * waited too long behind others, a pause, an open breaker, a disabled webhook or a restart. It then ends with
 * {@link gaveUp}, without an attempt. What a person asked to be sent again goes out whatever its age, once.
 */
export function isWorthless(
  settings: Pick<WebhookSettings, 'retry'>,
  delivery: Pick<QueuedDelivery, 'acceptedAt' | 'manual'>,
  now: number,
): boolean {
  return !delivery.manual && isTooLate(settings.retry.giveUpAfterMs, delivery.acceptedAt, now);
}
