import { describe, expect, it } from 'vitest';
import { erase, erasure, removeAccount } from '../erasure/samples.ts';
import type { OpenStore } from '../open-store.ts';
import { unique } from '../samples.ts';
import { deliveriesOf, listedIds, storeMany, walkWhole } from './whole-lists.ts';

/** Lists that are read whole while something of them is erased. */
export function describeErasedMeanwhile(open: () => OpenStore): void {
  describe('a list that is read whole', () => {
    it('goes on with what is left where somebody is erased meanwhile, whom the rest does not name', async () => {
      const accountId = unique('acc');
      const stored = await storeMany(open(), accountId, 7);
      const last = stored.at(-1)?.delivery.event.mobileNumber ?? '';
      const found = await walkWhole(deliveriesOf(open(), accountId), () =>
        erase(open(), erasure({ mobileNumber: last })),
      );
      expect(listedIds(found)).toEqual(stored.map(({ delivery }) => delivery.id));
      expect(found.at(-1)?.event.mobileNumber).toBeNull();
    });

    it('ends where its account goes meanwhile', async () => {
      const accountId = unique('acc');
      await open().directory.createAccount({ id: accountId, name: accountId, createdAt: 0 });
      const stored = await storeMany(open(), accountId, 7);
      const found = await walkWhole(deliveriesOf(open(), accountId), async () => {
        await open().directory.deleteAccount(accountId);
        await removeAccount(open(), accountId);
      });
      expect(listedIds(found)).toEqual(stored.slice(0, 3).map(({ delivery }) => delivery.id));
    });
  });
}
