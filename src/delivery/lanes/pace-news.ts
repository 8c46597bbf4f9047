import type { Pace } from './pace.ts';

/** Smaller changes than this part, and those that come sooner, are not told of. */
const noticeable = 0.1;
const everyMs = 5_000;
/** So long after a search it is known whether what was found is too much. */
const settlingMs = 5_000;

/** Says when a learnt pace is worth telling of, so that it is not told with every answer. */
export class PaceNews {
  #told: number | null = null;
  #toldAt = Number.NEGATIVE_INFINITY;
  #searchedAt = Number.NEGATIVE_INFINITY;

  /** @returns what is new; `perSecond` is `null` where what was told has been forgotten */
  look(
    { perSecond, isSearching }: Pick<Pace, 'perSecond' | 'isSearching'>,
    now: number,
  ): { readonly perSecond: number | null } | null {
    if (perSecond !== null && isSearching) this.#searchedAt = now;
    if (perSecond === this.#told) return null;
    if (perSecond !== null) {
      if (Math.abs(now - this.#searchedAt) < settlingMs) return null;
      if (this.#told !== null && Math.abs(perSecond - this.#told) < this.#told * noticeable) return null;
      if (Math.abs(now - this.#toldAt) < everyMs) return null;
    }
    this.#told = perSecond;
    this.#toldAt = now;
    return { perSecond };
  }
}
