import type { Clock } from '../core/clock.ts';

/** What is known of the store's writing; see `WriteHealth` of its ports. */
interface Writing {
  readonly problem: string | null;
  readonly failures: number;
}

/** Log lines can be told; the rest is pino's. */
interface Log {
  error(details: object, message: string): void;
  warn(details: object, message: string): void;
}

const repeatMs = 60_000;

/** Says that the store cannot write when that begins and every minute, and when it can again. */
export function createWriteTroubles(log: Log, clock: Pick<Clock, 'now'>): (writing: Writing) => void {
  let toldAt: number | null = null;
  let before = 0;
  return ({ problem, failures }) => {
    const now = clock.now();
    if (problem === null) {
      log.warn({ failedCommits: failures - before }, 'The store can write again.');
      toldAt = null;
      before = failures;
    } else if (toldAt === null || now - toldAt >= repeatMs || now < toldAt) {
      const message =
        'The store cannot write: events are answered with 503, and what was sent is not recorded.';
      log.error({ problem, failedCommits: failures - before }, message);
      toldAt = now;
    }
  };
}
