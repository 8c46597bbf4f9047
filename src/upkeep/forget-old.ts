import type { Clock } from '../core/clock.ts';
import type { TrustedClock } from '../core/trusted-clock.ts';
import type { ForgetPlace, ForgetTimes, Forgettable, Forgetting } from '../stores/ports/forgetting.ts';
import { repeat } from './repeat.ts';

export interface ForgetOldOptions {
  readonly forgetting: Forgetting;
  readonly times: Omit<ForgetTimes, 'now'>;
  readonly clock: Pick<Clock, 'setTimer'>;
  readonly trusted: Pick<TrustedClock, 'now'>;
  readonly log: {
    info(details: object, message: string): void;
    warn(details: object, message: string): void;
  };
}

const everyMs = 3_600_000;
/** After the start, when others are busy. */
const atFirstMs = 60_000;
/** Between two steps, so that others come first: 200 rows and 50 ms make 4,000 rows a second. */
const restMs = 50;

/**
 * Takes away what is old of all but events, soon after the start and every hour, a piece at a time; after a failure it goes
 * on an hour later where it was.
 * @returns what ends it, when the step that is under way has ended
 */
export function forgetOld({ forgetting, times, clock, trusted, log }: ForgetOldOptions): () => Promise<void> {
  let place: ForgetPlace = null;
  let gone = new Map<Forgettable, number>();
  let isStart = true;

  async function step(): Promise<void> {
    const done = await forgetting.step(place, { ...times, now: trusted.now() });
    place = done.next;
    if (done.gone > 0) gone.set(done.what, (gone.get(done.what) ?? 0) + done.gone);
    if (place !== null) return;
    if (gone.size > 0)
      log.info({ gone: Object.fromEntries(gone) }, 'What had outlived its time was deleted.');
    gone = new Map();
  }

  return repeat(clock, async () => {
    if (isStart) {
      isStart = false;
      return atFirstMs;
    }
    try {
      await step();
      return place === null ? everyMs : restMs;
    } catch (error) {
      log.warn({ err: error }, 'What is old could not be deleted; it is tried again in an hour.');
      return everyMs;
    }
  });
}
