const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** What every attempt beyond the schedule waits for. */
const longestPauseMs = 8 * hour;

/** Pauses in ms after the first, second … attempt, before jitter: together 24 hours and 13 minutes. */
export const retrySchedule: readonly number[] = [
  5 * second,
  30 * second,
  2 * minute,
  10 * minute,
  30 * minute,
  1 * hour,
  2 * hour,
  4 * hour,
  8 * hour,
  longestPauseMs,
];

/** By which part of itself a pause is longer or shorter, by chance. */
export const retryJitter = 0.2;

/**
 * The pause after a failed attempt, before jitter, ms. Attempts beyond the schedule repeat its last step.
 *
 * @param attempt the number of attempts made so far, this one included (from 1)
 */
export function scheduledPauseMs(attempt: number): number {
  return retrySchedule[Math.max(attempt, 1) - 1] ?? longestPauseMs;
}
