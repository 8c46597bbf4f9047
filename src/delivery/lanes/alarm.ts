import type { Clock, Timer } from '../../core/clock.ts';

/** One timer that is moved as its owner's plans change. */
export interface Alarm {
  /** Rings at `at` (ms since the Unix epoch) instead of when it was set to; `null`: not at all. */
  set(at: number | null): void;
}

export function createAlarm(clock: Clock, ring: () => void): Alarm {
  let timer: Timer | null = null;
  let timerAt: number | null = null;
  return {
    set(at) {
      if (timer && timerAt === at) return;
      timer?.cancel();
      timer = null;
      timerAt = at;
      if (at === null) return;
      timer = clock.setTimer(() => {
        timer = null;
        ring();
      }, at - clock.now());
    },
  };
}
