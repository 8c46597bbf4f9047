import { afterAll, beforeAll, describe } from 'vitest';
import { createManualClock } from '../../testing/manual-clock.ts';
import { describeDeletedAccounts } from './erasure/accounts.ts';
import { describeEchoes } from './erasure/echoes.ts';
import { describeErasures } from './erasure/erasures.ts';
import { describeFiles, type StoredBytes } from './erasure/files.ts';
import { describePersons } from './erasure/persons.ts';
import { describeRest } from './erasure/rest.ts';
import { describeWaiting } from './erasure/waiting.ts';
import { describeWritings } from './erasure/writings.ts';
import type { OpenPlace, OpenStore } from './open-store.ts';

/**
 * What every store forgets when it is asked to.
 * @param bytesOf everything that the store of a place has on disk
 */
export function erasureConformance(name: string, open: OpenPlace, bytesOf: StoredBytes): void {
  describe(`${name}: erasure`, () => {
    const clock = createManualClock();
    let store: OpenStore;
    beforeAll(async () => {
      store = await open('erasure', clock);
    });
    afterAll(() => store.close());

    describeErasures(() => store, open);
    describePersons(() => store, clock);
    describeWritings(() => store, clock);
    describeWaiting(() => store, clock);
    describeEchoes(() => store);
    describeRest(() => store);
    describeDeletedAccounts(() => store);
    describeFiles(open, bytesOf);
  });
}
