import type { Clock } from '../core/clock.ts';

/** Lets one sleeper be woken. */
export interface Bell {
  /** Resolves when the bell rings, and after this time at the latest. */
  sleep(ms: number): Promise<void>;
  ring(): void;
  /** Rings, and lets nobody sleep any more. */
  end(): void;
}

export function createBell(clock: Clock): Bell {
  let wake = (): void => {};
  let ended = false;
  return {
    sleep(ms) {
      if (ended) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = clock.setTimer(resolve, ms);
        wake = () => {
          timer.cancel();
          resolve();
        };
      });
    },
    ring: () => wake(),
    end() {
      ended = true;
      wake();
    },
  };
}
