import type { Clock, Timer } from './clock.ts';

export interface ClockWatchOptions {
  readonly clock: Clock;
  /** @param byMs how far it was set back */
  readonly onSetBack: (byMs: number) => void;
}

const lookMs = 1_000;
/** Less is what clocks do by themselves. */
const leastMs = 1_000;

/** Looks every second whether the clock was set back. @returns ends it */
export function watchClock({ clock, onSetBack }: ClockWatchOptions): () => void {
  let seen = { clock: clock.now(), elapsed: clock.elapsed() };
  let timer: Timer;

  function look(): void {
    const now = { clock: clock.now(), elapsed: clock.elapsed() };
    const byMs = Math.round(now.elapsed - seen.elapsed - (now.clock - seen.clock));
    seen = now;
    timer = clock.setTimer(look, lookMs);
    if (byMs >= leastMs) onSetBack(byMs);
  }

  timer = clock.setTimer(look, lookMs);
  return () => timer.cancel();
}
