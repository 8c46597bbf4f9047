import type { Clock } from '../core/clock.ts';
import type { TrustedClock } from '../core/trusted-clock.ts';
import { type KeptAnswers, keptForMs } from '../stores/ports/kept-answers.ts';
import { repeat } from './repeat.ts';

export interface ForgetterOptions {
  readonly keptAnswers: Pick<KeptAnswers, 'forget'>;
  readonly clock: Pick<Clock, 'setTimer'>;
  readonly trusted: Pick<TrustedClock, 'now'>;
  readonly log: { warn(details: object, message: string): void };
}

const everyMs = 3_600_000;

/**
 * Forgets answers that are too old to be given again, now and every hour; they tell what people configured.
 * @returns what ends it, when the forgetting that is under way has ended
 */
export function forgetKeptAnswers({
  keptAnswers,
  clock,
  trusted,
  log,
}: ForgetterOptions): () => Promise<void> {
  return repeat(clock, async () => {
    try {
      await keptAnswers.forget(trusted.now() - keptForMs);
    } catch (error) {
      log.warn({ err: error }, 'Kept answers could not be forgotten; it is tried again.');
    }
    return everyMs;
  });
}
