import { expect, it } from 'vitest';
import type { Sealing, SealingKeyOfOld } from '../stores/ports/sealing.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { turns } from '../testing/turns.ts';
import { createResealing } from './resealing.ts';

const ofOld: SealingKeyOfOld = { id: 'old', isAtHand: true };
const ofLost: SealingKeyOfOld = { id: 'lost', isAtHand: false };
const log = { info() {}, warn() {} };
const allSealWithIt = async (): Promise<boolean> => true;

/** A store whose secrets are all sealed by the current key, but for so many that cannot be read. */
function storeWith(others: readonly SealingKeyOfOld[], unreadable = 0) {
  const state = { others, walks: 0 };
  const sealing: Pick<Sealing, 'keys' | 'current' | 'step' | 'retire'> = {
    keys: async () => ({ current: 'new', others: state.others }),
    current: async () => 'new',
    async step() {
      state.walks++;
      return { found: unreadable, done: 0, unreadable: [], next: null };
    },
    async retire(ids) {
      state.others = state.others.filter(({ id }) => !ids.includes(id));
    },
  };
  return { state, sealing, keys: { current: 'new', others } };
}

it('names a key that may still be needed before the first look at the store', async () => {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  const { sealing, keys } = storeWith([ofOld]);
  const waiting: typeof sealing = {
    ...sealing,
    async keys() {
      asked.resolve();
      await answer.promise;
      return keys;
    },
  };
  const clock = createManualClock();
  const resealing = createResealing({ sealing: waiting, allSealWithIt, keys, clock, log });
  const mayBeNeeded = { masterKeyId: 'new', otherKeyIds: ['old'], left: null };
  expect(resealing.status()).toEqual(mayBeNeeded);
  resealing.start();
  await asked.promise;
  expect(resealing.status()).toEqual(mayBeNeeded);
  answer.resolve();
  await resealing.close();
  expect(resealing.status().otherKeyIds).toEqual(['old']);
});

it('has nothing left where one key has sealed everything', () => {
  const { sealing, keys } = storeWith([]);
  const resealing = createResealing({ sealing, allSealWithIt, keys, clock: createManualClock(), log });
  expect(resealing.status()).toEqual({ masterKeyId: 'new', otherKeyIds: [], left: 0 });
});

it('waits for all processes to seal with the key, looks again each minute and says so once', async () => {
  const { sealing, keys, state } = storeWith([ofOld]);
  const clock = createManualClock();
  const said: string[] = [];
  const telling = { ...log, info: (_: object, message: string) => void said.push(message) };
  let areAll = false;
  const resealing = createResealing({
    ...{ sealing, keys, clock, log: telling },
    allSealWithIt: async () => areAll,
  });
  resealing.start();
  for (let minute = 0; minute < 3; minute++) {
    await turns();
    expect(resealing.status()).toEqual({ masterKeyId: 'new', otherKeyIds: ['old'], left: null });
    clock.advance(60_000);
  }
  expect(state.walks).toBe(0);
  expect(said).toEqual([expect.stringContaining('until then earlier keys are needed')]);
  areAll = true;
  await turns();
  clock.advance(60_000);
  await turns();
  expect(resealing.status()).toEqual({ masterKeyId: 'new', otherKeyIds: [], left: 0 });
  expect(said.slice(1)).toEqual([expect.stringContaining('take HOOKWIRE_MASTER_KEY_PREVIOUS away')]);
  await resealing.close();
});

it('names a key again that a process came with after everything was sealed anew', async () => {
  const { sealing, keys, state } = storeWith([ofOld]);
  const clock = createManualClock();
  let areAll = true;
  const resealing = createResealing({ sealing, keys, clock, log, allSealWithIt: async () => areAll });
  resealing.start();
  await turns();
  expect(resealing.status().otherKeyIds).toEqual([]);
  areAll = false;
  state.others = [ofOld];
  clock.advance(60_000);
  await turns();
  expect(resealing.status().otherKeyIds).toEqual(['old']);
  await resealing.close();
});

it('does not go through everything again for what no key can read, until there is another key', async () => {
  const { sealing, keys, state } = storeWith([ofLost], 2);
  const clock = createManualClock();
  const resealing = createResealing({ sealing, keys, clock, log, allSealWithIt });
  resealing.start();
  await turns();
  const { walks } = state;
  for (let minute = 0; minute < 3; minute++) {
    clock.advance(60_000);
    await turns();
  }
  expect(state.walks).toBe(walks);
  expect(resealing.status()).toEqual({ masterKeyId: 'new', otherKeyIds: ['lost'], left: 2 });
  state.others = [ofLost, ofOld];
  clock.advance(60_000);
  await turns();
  expect(state.walks).toBe(2 * walks);
  await resealing.close();
});
