import type { Clock } from '../core/clock.ts';

/** Waits that can be cut short. */
export interface Pause {
  /** Resolves after this time, or when it is ended. */
  wait(ms: number): Promise<void>;
  /** Ends every wait, now and from now on. */
  end(): void;
}

export function createPause(clock: Clock): Pause {
  const ending = Promise.withResolvers<void>();
  return {
    async wait(ms) {
      const over = Promise.withResolvers<void>();
      const timer = clock.setTimer(over.resolve, ms);
      await Promise.race([over.promise, ending.promise]);
      timer.cancel();
    },
    end: ending.resolve,
  };
}
