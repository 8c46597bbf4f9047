import type { Erasure, ErasureStore, WipePlace } from '../stores/ports/erasures.ts';
import type { Pieces } from './pieces.ts';
import { throughAll } from './through-all.ts';

/** How soon it is looked again, where the index has not lost all yet or somebody reads what is to be overwritten. */
const againMs = 50;

/**
 * Leaves nothing in the store's files of what an erasure has erased until then. All files are read for it, so those that have
 * come so far while one pass is under way share the next one.
 */
export type WipeFiles = (erasure: Pick<Erasure, 'id'>) => Promise<void>;

export function createWipeFiles(
  store: Pick<ErasureStore, 'isForgotten' | 'wipesAlone' | 'wipe'>,
  pieces: Pieces,
): WipeFiles {
  const kind = store.wipesAlone ? 'alone' : 'write';
  let underWay: Promise<void> | null = null;
  let following: Promise<void> | null = null;

  async function pass(): Promise<void> {
    let last = -1;
    await throughAll(async (from: WipePlace | null) => {
      const next = await pieces.piece(kind, () => store.wipe(from));
      if (next?.page === last) await pieces.rest(againMs);
      last = next?.page ?? -1;
      return next;
    });
  }

  function begin(): Promise<void> {
    following = null;
    underWay = pass().finally(() => {
      underWay = null;
    });
    return underWay;
  }

  return async (erasure) => {
    while (!(await store.isForgotten(erasure))) await pieces.rest(againMs);
    if (underWay) following ??= underWay.then(begin, begin);
    await (following ?? begin());
  };
}
