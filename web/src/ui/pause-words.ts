import { retrySchedule } from '#shared/retry-schedule.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** A pause of the schedule: "30 s", "10 min", "8 h". */
export function pauseWord(ms: number): string {
  if (ms % hour === 0) return `${ms / hour} h`;
  return ms % minute === 0 ? `${ms / minute} min` : `${ms / second} s`;
}

/** "5 s", "30 s", "2 min" …: the pauses between attempts. */
export const schedulePauses: readonly string[] = retrySchedule.map(pauseWord);
