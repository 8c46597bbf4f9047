import type { ErasureStore, WipePlace } from '../stores/ports/erasures.ts';
import type { Pieces } from './pieces.ts';
import { throughAll } from './through-all.ts';

/** How soon it is looked again, where the index has not lost all yet or somebody reads what is to be overwritten. */
const againMs = 50;

/** Leaves nothing in the store's files of what was erased before. */
export async function wipeFiles(
  store: Pick<ErasureStore, 'isForgotten' | 'wipe'>,
  pieces: Pieces,
): Promise<void> {
  while (!(await store.isForgotten())) await pieces.rest(againMs);
  let last = -1;
  await throughAll(async (from: WipePlace | null) => {
    const next = await pieces.piece(() => store.wipe(from));
    if (next?.page === last) await pieces.rest(againMs);
    last = next?.page ?? -1;
    return next;
  });
}
