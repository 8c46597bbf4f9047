import type { Erasure, ErasurePlace, ErasureStore, RestPlace } from '../stores/ports/erasures.ts';
import type { Pieces } from './pieces.ts';
import { saveSeldom } from './save-seldom.ts';
import { throughAll } from './through-all.ts';
import type { WipeFiles } from './wipe-files.ts';

export interface DeleteAccountContext {
  readonly store: ErasureStore;
  /** Resolves when nothing of the account is under way, and what was counted and noted of it is stored. */
  readonly settled: (accountId: string) => Promise<void>;
  readonly wipeFiles: WipeFiles;
}

/** How soon a piece is tried again that could do nothing: deliveries of an event are still being stored. */
const againMs = 50;

/** Deletes all that an account has, from where the task stands. @param save keeps how far it has come */
export async function deleteAccount(
  erasure: Erasure,
  place: ErasurePlace,
  save: (place: ErasurePlace) => Promise<void>,
  pieces: Pieces,
  { store, settled, wipeFiles }: DeleteAccountContext,
): Promise<void> {
  let at = place;
  const go = async (to: Partial<ErasurePlace>): Promise<void> => {
    at = { ...at, ...to };
    await save(at);
  };
  await settled(erasure.deletedAccountId ?? '');
  if (at.step === 'events') {
    // Twice, for what was being taken in when the account was deleted.
    for (let pass = 0; pass < 2; pass++) {
      const { first, last } = await store.storedSpan();
      await go({ first: at.first ?? first, upTo: last });
      await deleteEvents(erasure, at.after, last, (after) => go({ after }), pieces, store);
    }
    await go({ step: 'rest' });
  }
  if (at.step === 'rest') {
    await throughAll((from: RestPlace | null) =>
      pieces.piece('write', () => store.deleteRest(erasure, from)),
    );
    await go({ step: 'files' });
  }
  await wipeFiles(erasure);
}

async function deleteEvents(
  erasure: Erasure,
  from: number,
  upTo: number,
  reached: (event: number) => Promise<void>,
  pieces: Pieces,
  store: ErasureStore,
): Promise<void> {
  const saved = saveSeldom(reached);
  await throughAll(async (place: number | null) => {
    const { events, next } = await pieces.piece('look', (mostMs) =>
      store.findOfAccount(erasure, place ?? from, upTo, mostMs),
    );
    for (let left = events; left.length > 0; ) {
      const some = left;
      const done = await pieces.piece('write', () => store.deleteEvents(erasure, some));
      if (done === 0) await pieces.rest(againMs);
      left = left.slice(done);
    }
    await (next === null ? saved.end(upTo) : saved.reached(next));
    return next;
  });
}
