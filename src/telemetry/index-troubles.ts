import type { Clock } from '../core/clock.ts';

/** Log lines can be told; the rest is pino's. */
interface Log {
  error(details: object, message: string): void;
  warn(details: object, message: string): void;
}

const repeatMs = 60_000;

/** What keeps the search index from being kept in order. */
export interface IndexTroubles {
  /** `null`: nothing. */
  readonly problem: string | null;
  /** Hears of it with each try. */
  heard(problem: string | null): void;
}

/**
 * Says that the search index is not kept in order when that begins and every minute, and when it is again. All is found
 * meanwhile, but ever more slowly, and erasures wait.
 */
export function createIndexTroubles(log: Log, clock: Pick<Clock, 'elapsed'>): IndexTroubles {
  let problem: string | null = null;
  let toldAt: number | null = null;
  return {
    get problem() {
      return problem;
    },
    heard(is) {
      problem = is;
      const now = clock.elapsed();
      if (is === null) {
        if (toldAt !== null) log.warn({}, 'The search index is kept in order again.');
        toldAt = null;
      } else if (toldAt === null || now - toldAt >= repeatMs) {
        const message =
          'The search index cannot be kept in order: searches slow down and erasures wait. It is tried again.';
        log.error({ problem: is }, message);
        toldAt = now;
      }
    },
  };
}
