import type { Pace } from './pace.ts';

/** Says when a learnt pace is worth telling of, so that it is not told with every answer. */
export interface PaceNews {
  /** @returns what is new; `perSecond` is `null` where what was told has been forgotten */
  look(
    pace: Pick<Pace, 'perSecond' | 'isSearching'>,
    now: number,
  ): { readonly perSecond: number | null } | null;
}

/** Smaller changes than this part, and those that come sooner, are not told of. */
const noticeable = 0.1;
const everyMs = 5_000;
/** So long after a search it is known whether what was found is too much. */
const settlingMs = 5_000;

export function createPaceNews(): PaceNews {
  let told: number | null = null;
  let toldAt = Number.NEGATIVE_INFINITY;
  let searchedAt = Number.NEGATIVE_INFINITY;

  return {
    look({ perSecond, isSearching }, now) {
      if (perSecond !== null && isSearching) searchedAt = now;
      if (perSecond === told) return null;
      if (perSecond !== null) {
        if (Math.abs(now - searchedAt) < settlingMs) return null;
        if (told !== null && Math.abs(perSecond - told) < told * noticeable) return null;
        if (Math.abs(now - toldAt) < everyMs) return null;
      }
      told = perSecond;
      toldAt = now;
      return { perSecond };
    },
  };
}
