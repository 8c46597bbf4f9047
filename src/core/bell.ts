import type { Clock, Timer } from './clock.ts';

/** Sleep that can be cut short. */
export interface Bell {
  /** Resolves when the bell rings, and after this time at the latest. */
  sleep(ms: number): Promise<void>;
  /** Wakes whoever sleeps. */
  ring(): void;
  /** Rings, and lets nobody sleep any more. */
  end(): void;
  readonly hasEnded: boolean;
}

export function createBell(clock: Pick<Clock, 'setTimer'>): Bell {
  const asleep = new Map<() => void, Timer>();
  let hasEnded = false;

  function ring(): void {
    for (const [wake, timer] of asleep) {
      timer.cancel();
      wake();
    }
    asleep.clear();
  }

  return {
    sleep(ms) {
      if (hasEnded) return Promise.resolve();
      return new Promise((wake) => {
        const fire = (): void => {
          asleep.delete(wake);
          wake();
        };
        asleep.set(wake, clock.setTimer(fire, ms));
      });
    },
    ring,
    end() {
      hasEnded = true;
      ring();
    },
    get hasEnded() {
      return hasEnded;
    },
  };
}
