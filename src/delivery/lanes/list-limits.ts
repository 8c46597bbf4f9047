const mostInVain = 30;
const restMs = 60_000;
/** Half of the reports have more than half of the bytes: what surrounds them, and reports of different lengths. */
const halfAndABit = 0.55;

/**
 * What a lane learnt of how large its lists (`settings.batch`) may be, and whether a refused one is worth halving.
 *
 * A list that is refused for what is in it is tried again at once in halves, down to the single report: one bad report in
 * 100 costs some 14 requests, and the other 99 arrive. Where everything is refused, halves tell nothing: after 30 of them
 * with nothing delivered, lists are left whole for a minute.
 */
export class ListLimits {
  /** The smallest list that was too large. */
  #refused = Number.POSITIVE_INFINITY;
  #learnt = Number.POSITIVE_INFINITY;
  #inVain = 0;
  #since = 0;

  /** How many bytes a list may have, where the owner allows so many. */
  mostBytes(configured: number): number {
    return Math.min(configured, this.#learnt);
  }

  /** Whether a refused list is to be tried again in halves, which begins with asking. */
  halve(now: number): boolean {
    if (this.#inVain === 0 || now - this.#since >= restMs || now < this.#since) {
      this.#since = now;
      this.#inVain = 0;
    }
    if (this.#inVain >= mostInVain) return false;
    this.#inVain++;
    return true;
  }

  /** A list of so many bytes was too large (413). */
  tooLarge(bytes: number): void {
    this.#refused = Math.min(this.#refused, bytes);
    this.#learnt = Math.max(1, Math.floor(this.#refused * halfAndABit));
  }

  /** A request of so many bytes was delivered. */
  took(bytes: number): void {
    this.#inVain = 0;
    // A little below what is refused is enough to search for.
    if (bytes >= this.#learnt) this.#refused = Math.max(this.#refused, bytes + 1);
    if (bytes > this.#learnt * 0.8) this.#learnt = Math.min(this.#learnt * 1.1, this.#refused * 0.95);
  }

  /** Forgets what was learnt. */
  reset(): void {
    this.#refused = Number.POSITIVE_INFINITY;
    this.#learnt = Number.POSITIVE_INFINITY;
    this.#inVain = 0;
  }
}
