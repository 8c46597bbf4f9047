import { describe, expect, it } from 'vitest';
import type { EventParts } from '../../../testing/factories.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import { acceptOne, uniqueNumber } from '../erasure/samples.ts';
import { delivered, record, retryAt, unique } from '../samples.ts';
import type { HistoryStore } from './history-store.ts';

/** So many for one account, newest first; each is delivered where `isEnded`. */
export async function storeMany(
  store: Pick<HistoryStore, 'log'>,
  accountId: string,
  count: number,
  parts: EventParts = {},
  isEnded = true,
) {
  const stored: Awaited<ReturnType<typeof acceptOne>>[] = [];
  for (let i = 0; i < count; i++) {
    const one = await acceptOne(store, accountId, { ...parts, mobileNumber: uniqueNumber() }, unique('own'));
    if (isEnded) await record(store.log, one.delivery, delivered);
    stored.unshift(one);
  }
  return stored;
}

/** Every page, with what happens behind the first. */
export async function walkWhole<T>(
  list: (page: PageRequest) => Promise<Page<T>>,
  meanwhile: () => Promise<unknown>,
): Promise<T[]> {
  const found: T[] = [];
  let cursor: string | null = null;
  do {
    const isFirst: boolean = cursor === null;
    const page: Page<T> = await list({ limit: 3, cursor });
    found.push(...page.data);
    cursor = page.nextCursor;
    if (isFirst) await meanwhile();
  } while (cursor !== null);
  return found;
}

export const deliveriesOf =
  ({ history }: Pick<HistoryStore, 'history'>, accountId: string) =>
  (page: PageRequest) =>
    history.listDeliveries({ accountId }, page);

export const listedIds = (found: readonly { readonly id: string }[]): string[] => found.map(({ id }) => id);

/** Lists that are read whole, page by page, while the store goes on: as for a file. */
export function describeWholeLists(open: () => HistoryStore): void {
  describe('a list that is read whole', () => {
    it('has each delivery once, although others are accepted meanwhile, ahead of its first page', async () => {
      const accountId = unique('acc');
      const stored = await storeMany(open(), accountId, 10);
      const found = await walkWhole(deliveriesOf(open(), accountId), () => storeMany(open(), accountId, 5));
      expect(listedIds(found)).toEqual(stored.map(({ delivery }) => delivery.id));
    });

    it('has each event of a message once, although others come meanwhile', async () => {
      const [accountId, messageId] = [unique('acc'), unique('message')];
      const stored = await storeMany(open(), accountId, 10, { messageId });
      const found = await walkWhole(
        (page) => open().history.findEvents({ accountId, messageId }, page),
        () => storeMany(open(), accountId, 5, { messageId }),
      );
      expect(found.map(({ event }) => event.id)).toEqual(stored.map(({ id }) => id));
    });

    it('has each delivery once, as it is by then, where it was tried meanwhile', async () => {
      const accountId = unique('acc');
      const stored = await storeMany(open(), accountId, 7, {}, false);
      const found = await walkWhole(deliveriesOf(open(), accountId), async () => {
        for (const { delivery } of stored) await record(open().log, delivery, retryAt(5_000));
      });
      expect(listedIds(found)).toEqual(stored.map(({ delivery }) => delivery.id));
      expect(found.map(({ state }) => state)).toEqual([
        ...Array(3).fill('pending'),
        ...Array(4).fill('retrying'),
      ]);
    });
  });
}
