import type { Clock } from '../core/clock.ts';
import type { TrustedClock } from '../core/trusted-clock.ts';
import type { StatsStore } from '../stores/ports/stats.ts';
import { horizonAt } from '../watching/stats/range.ts';
import { repeat } from './repeat.ts';

export interface TidierOptions {
  readonly stats: Pick<StatsStore, 'tidy'>;
  readonly clock: Pick<Clock, 'setTimer'>;
  readonly trusted: Pick<TrustedClock, 'now'>;
  readonly log: { warn(details: object, message: string): void };
}

const everyMs = 60_000;
/** Where there was more than is tidied at once; and so long after the start. */
const soonMs = 5_000;
/** So that none holds the store's write lock for more than some ms. */
const rowsAtOnce = 100;
const mostTidyings = 10;

/**
 * Makes hours of minutes and days of hours when they are old, every minute, a piece at a time.
 * @returns what ends it, when the tidying that is under way has ended
 */
export function tidyStats({ stats, clock, trusted, log }: TidierOptions): () => Promise<void> {
  let isStart = true;

  /** Resolves to whether nothing is left. */
  async function tidy(hasEnded: () => boolean): Promise<boolean> {
    for (let i = 0; i < mostTidyings && !hasEnded(); i++) {
      if ((await stats.tidy(horizonAt(trusted.now()), rowsAtOnce)) === 0) return true;
    }
    return false;
  }

  return repeat(clock, async (hasEnded) => {
    if (isStart) {
      isStart = false;
      return soonMs;
    }
    try {
      return (await tidy(hasEnded)) ? everyMs : soonMs;
    } catch (error) {
      log.warn({ err: error }, 'Old statistics could not be tidied up; it is tried again.');
      return everyMs;
    }
  });
}
