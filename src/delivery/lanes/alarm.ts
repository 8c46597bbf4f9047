import type { Clock, Timer } from '../../core/clock.ts';

/** One timer that is moved as its owner's plans change. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #timer: Timer | null = null;
  #timerAt: number | null = null;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** Rings at `at` (ms since the Unix epoch) instead of when it was set to; `null`: not at all. */
  set(at: number | null): void {
    if (this.#timerAt === at && (this.#timer || at === null)) return;
    this.#timer?.cancel();
    this.#timer = null;
    this.#timerAt = at;
    if (at === null) return;
    this.#timer = this.#clock.setTimer(() => {
      this.#timer = null;
      this.#ring();
    }, at - this.#clock.now());
  }
}
