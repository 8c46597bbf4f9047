import type { Clock, Timer } from '../core/clock.ts';
import { type KeptAnswers, keptForMs } from '../stores/ports/kept-answers.ts';

export interface ForgetterOptions {
  readonly keptAnswers: Pick<KeptAnswers, 'forget'>;
  readonly clock: Clock;
  readonly log: { warn(details: object, message: string): void };
}

const everyMs = 3_600_000;

/**
 * Forgets answers that are too old to be given again, now and every hour; they tell what people configured.
 * @returns what ends it, when the forgetting that is under way has ended
 */
export function forgetKeptAnswers({ keptAnswers, clock, log }: ForgetterOptions): () => Promise<void> {
  let timer: Timer | null = null;
  let isClosed = false;
  let forgetting = forget();

  async function forget(): Promise<void> {
    try {
      await keptAnswers.forget(clock.now() - keptForMs);
    } catch (error) {
      log.warn({ err: error }, 'Kept answers could not be forgotten; it is tried again.');
    }
    if (isClosed) return;
    timer = clock.setTimer(() => {
      forgetting = forget();
    }, everyMs);
  }

  return async () => {
    isClosed = true;
    timer?.cancel();
    await forgetting;
  };
}
