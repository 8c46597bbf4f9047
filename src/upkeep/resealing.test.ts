import { expect, it } from 'vitest';
import type { Sealing, SealingKeyOfOld } from '../stores/ports/sealing.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { createResealing } from './resealing.ts';

const ofOld: SealingKeyOfOld = { id: 'old', isAtHand: true };
const log = { info() {}, warn() {} };

/** A store whose secrets are all sealed by the current key, and that answers when it is told to. */
function storeThatWaits(others: readonly SealingKeyOfOld[]) {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  const sealing: Pick<Sealing, 'keys' | 'step' | 'retire'> = {
    async keys() {
      asked.resolve();
      await answer.promise;
      return { current: 'new', others };
    },
    step: async () => ({ found: 0, done: 0, unreadable: [], next: null }),
    retire: async () => {},
  };
  return { sealing, asked: asked.promise, answer: answer.resolve };
}

it('names a key that may still be needed before the first look at the store', async () => {
  const { sealing, asked, answer } = storeThatWaits([ofOld]);
  const keys = { current: 'new', others: [ofOld] };
  const resealing = createResealing({ sealing, keys, clock: createManualClock(), log });
  const mayBeNeeded = { masterKeyId: 'new', otherKeyIds: ['old'], left: null };
  expect(resealing.status()).toEqual(mayBeNeeded);
  resealing.start();
  await asked;
  expect(resealing.status()).toEqual(mayBeNeeded);
  answer();
  await resealing.close();
  expect(resealing.status().otherKeyIds).toEqual(['old']);
});

it('has nothing left where one key has sealed everything', () => {
  const { sealing } = storeThatWaits([]);
  const keys = { current: 'new', others: [] };
  const resealing = createResealing({ sealing, keys, clock: createManualClock(), log });
  expect(resealing.status()).toEqual({ masterKeyId: 'new', otherKeyIds: [], left: 0 });
});
