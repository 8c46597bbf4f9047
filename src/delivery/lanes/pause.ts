const never = Number.NEGATIVE_INFINITY;

/**
 * A time to wait through. It knows when it began: a clock that is set back behind that would stretch it by hours, so it
 * begins anew there. Instants are ms since the Unix epoch.
 */
export class Pause {
  #beganAt = never;
  #until = never;

  /** Lasts from `now` until then; one that lasts longer already stays as it is. */
  extend(now: number, later: number): void {
    if (later <= this.endsAt(now)) return;
    this.#beganAt = now;
    this.#until = later;
  }

  end(): void {
    this.#beganAt = never;
    this.#until = never;
  }

  /** When it is over; some instant of the past when there is none. */
  endsAt(now: number): number {
    if (this.#until === never) return never;
    if (now < this.#beganAt) {
      this.#until -= this.#beganAt - now;
      this.#beganAt = now;
    } else if (now >= this.#until) this.end();
    return this.#until;
  }
}
