import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import type { Erasure } from '../../ports/erasures.ts';
import type { Page } from '../../ports/page.ts';
import type { OpenPlace, OpenStore } from '../open-store.ts';
import { unique } from '../samples.ts';
import { accountDeletion, erasure, uniqueNumber } from './samples.ts';

/** The tasks that erase, as they are kept. */
export function describeErasures(store: () => OpenStore, open: OpenPlace): void {
  const erasures = () => store().erasures;

  describe('a task that erases', () => {
    it.each([{ mobileNumber: '+91 98123' }, { userId: 'US.1 "quoted" 🙂' }, { messageId: 'wamid.HBgM+/=' }])(
      'is given back as it was made, with who is sought: %j',
      async (sought) => {
        const made = erasure(sought, { accountId: unique('acc'), waiting: 'drop' });
        await erasures().create(made);
        expect(await erasures().get(made.id)).toEqual(made);
        expect(await erasures().get('task_0')).toBeNull();
      },
    );

    it('keeps how far it is, and when it has ended no more who was sought', async () => {
      const made = erasure({ mobileNumber: uniqueNumber() });
      await erasures().create(made);
      const place = {
        ...({ step: 'events', after: 2 ** 52, first: 1, upTo: 2 ** 52 + 1 } as const),
        ...{ outstanding: [5, 7], againFrom: 4, sentSince: true },
      };
      await erasures().save({ ...made, state: 'running', place });
      expect(await erasures().get(made.id)).toEqual({ ...made, state: 'running', place });
      const end = { state: 'done', place: null, finishedAt: made.createdAt + 5 } as const;
      await erasures().save({ ...made, ...end });
      expect(await erasures().get(made.id)).toEqual({ ...made, ...end, sought: null });
    });

    it('is listed newest first, page by page, an account’s own and for an operator all', async () => {
      const accountId = unique('acc');
      const made = [3, 1, 2, 2].map((minutes) =>
        erasure({ userId: 'u' }, { accountId, createdAt: 2 ** 50 + minutes * 60_000 }),
      );
      const others = [
        erasure({ userId: 'u' }, { accountId: unique('acc'), createdAt: 2 ** 51 }),
        erasure({ userId: 'u' }, { createdAt: 2 ** 51 + 1 }),
        { ...accountDeletion(accountId), createdAt: 2 ** 51 + 2 },
      ];
      for (const each of [...made, ...others]) await erasures().create(each);
      const found: Erasure[] = [];
      for (
        let [cursor, isFirst] = [null as string | null, true];
        isFirst || cursor !== null;
        isFirst = false
      ) {
        const page: Page<Erasure> = await erasures().list({ accountId }, { limit: 3, cursor });
        found.push(...page.data);
        cursor = page.nextCursor;
      }
      expect(found).toEqual(made.toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1)));
      const all = await erasures().list({ accountId: null }, { limit: 3, cursor: null });
      expect(all.data).toEqual(others.toReversed());
    });

    it('that has not ended is found when the store is opened again, oldest first', async () => {
      const place = unique('erasures');
      const first = await open(place, createManualClock());
      const made = [2, 1, 3].map((ms) => erasure({ mobileNumber: '919812345678' }, { createdAt: ms }));
      for (const each of made) await first.erasures.create(each);
      const [late, early, ended] = made as [Erasure, Erasure, Erasure];
      await first.erasures.save({ ...ended, state: 'done', place: null, finishedAt: 4 });
      await first.close();
      const second = await open(place, createManualClock());
      expect(await second.erasures.unfinished()).toEqual([early, late]);
      await second.close();
    });
  });
}
