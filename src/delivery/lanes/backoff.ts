import { Pause } from './pause.ts';

/** Pauses that double while one trouble follows another. Instants are ms since the Unix epoch. */
export class Backoff {
  readonly #firstMs: number;
  readonly #longestMs: number;
  readonly #pause = new Pause();
  #row = 0;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(firstMs: number, longestMs: number) {
    this.#firstMs = firstMs;
    this.#longestMs = longestMs;
  }

  /** Trouble: nothing before its pause is over. What goes wrong during a pause was begun before it and changes nothing. */
  trouble(now: number): void {
    if (this.endsAt(now) > now) return;
    this.#pause.extend(now, now + Math.min(this.#firstMs * 2 ** this.#row, this.#longestMs));
    this.#row++;
    this.#lastAt = now;
  }

  /** Something that was begun at `startedAt` worked; after the last trouble, that makes the next pause the shortest. */
  worked(startedAt: number): void {
    if (startedAt > this.#lastAt) this.#row = 0;
  }

  /** When the pause is over; some instant of the past when there is none. */
  endsAt(now: number): number {
    return this.#pause.endsAt(now);
  }
}
