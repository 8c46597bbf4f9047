/**
 * What a lane learnt of how large its lists (`settings.batch`) may be, and whether a refused one is worth halving.
 *
 * A list that is refused for what is in it is tried again at once in halves, down to the single report: one bad report in
 * 100 costs some 14 requests, and the other 99 arrive. Where everything is refused, halves tell nothing: after 30 of them
 * with nothing delivered, lists are left whole for a minute.
 */
export interface ListLimits {
  /** How many bytes a list may have, where the owner allows so many. */
  mostBytes(configured: number): number;
  /** Whether a refused list is to be tried again in halves, which begins with asking. */
  halve(now: number): boolean;
  /** A list of so many bytes was too large (413). */
  tooLarge(bytes: number): void;
  /** A request of so many bytes was delivered. */
  took(bytes: number): void;
  /** Forgets what was learnt. */
  reset(): void;
}

const mostInVain = 30;
const restMs = 60_000;
/** Half of the reports have more than half of the bytes: what surrounds them, and reports of different lengths. */
const halfAndABit = 0.55;

export function createListLimits(): ListLimits {
  /** The smallest list that was too large. */
  let refused = Number.POSITIVE_INFINITY;
  let learnt = Number.POSITIVE_INFINITY;
  let inVain = 0;
  let since = 0;

  return {
    mostBytes: (configured) => Math.min(configured, learnt),
    halve(now) {
      if (inVain === 0 || now - since >= restMs || now < since) {
        since = now;
        inVain = 0;
      }
      if (inVain >= mostInVain) return false;
      inVain++;
      return true;
    },
    tooLarge(bytes) {
      refused = Math.min(refused, bytes);
      learnt = Math.max(1, Math.floor(refused * halfAndABit));
    },
    took(bytes) {
      inVain = 0;
      // A little below what is refused is enough to search for.
      if (bytes >= learnt) refused = Math.max(refused, bytes + 1);
      if (bytes > learnt * 0.8) learnt = Math.min(learnt * 1.1, refused * 0.95);
    },
    reset() {
      refused = Number.POSITIVE_INFINITY;
      learnt = Number.POSITIVE_INFINITY;
      inVain = 0;
    },
  };
}
