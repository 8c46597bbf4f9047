import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { testWebhook } from '../../testing/factories.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import type { Directory } from '../ports/directory.ts';
import { bucketMs, type StatsBucket, type StatsRow, type StatsStore } from '../ports/stats.ts';
import type { OpenPlace } from './open-store.ts';
import { unique } from './samples.ts';

const { minute, hour, day } = bucketMs;
const noon = Date.UTC(2026, 10, 22, 12);
const never = { minute: 0, hour: 0, day: 0 };

function row(webhookId: string, from: number, parts: Partial<StatsRow> = {}): StatsRow {
  return {
    webhookId,
    from,
    attempts: 1,
    delivered: 1,
    failed: 0,
    errors: [],
    durations: [4, 1],
    latencies: [7, 1],
    ...parts,
  };
}

/** What every store's statistics do. */
export function statsConformance(name: string, openPlace: OpenPlace<'stats' | 'directory'>): void {
  describe(`${name}: statistics`, () => {
    let stats: StatsStore;
    let directory: Directory;
    beforeAll(async () => {
      const store = await openPlace('stats', createManualClock());
      ({ stats, directory } = store);
      return () => store.close();
    });

    const read = (webhookId: string, bucket: StatsBucket, from = noon - 400 * day, to = noon + day) =>
      stats.read({ asker: null, webhookId, from, to, bucket });

    it('gives back a minute as it was added', async () => {
      const webhookId = unique('wh');
      const given = row(webhookId, noon, {
        attempts: 5,
        delivered: 2,
        failed: 1,
        errors: [0, 1, 13, 2],
        durations: [0, 4, 48, 1],
        latencies: [],
      });
      await stats.add([given]);
      expect(await read(webhookId, 'minute')).toEqual([given]);
    });

    it('adds to a minute that is known, position by position', async () => {
      const webhookId = unique('wh');
      await stats.add([row(webhookId, noon, { errors: [3, 1], durations: [1, 2, 9, 5] })]);
      await stats.add([
        row(webhookId, noon, { attempts: 4, failed: 2, errors: [1, 7], durations: [9, 1, 11, 3] }),
      ]);
      expect(await read(webhookId, 'minute')).toEqual([
        row(webhookId, noon, {
          attempts: 5,
          delivered: 2,
          failed: 2,
          errors: [1, 7, 3, 1],
          durations: [1, 2, 9, 6, 11, 3],
          latencies: [7, 2],
        }),
      ]);
    });

    it('takes a minute that comes twice in one call', async () => {
      const webhookId = unique('wh');
      await stats.add([row(webhookId, noon), row(webhookId, noon)]);
      expect(await read(webhookId, 'minute')).toMatchObject([{ attempts: 2, durations: [4, 2] }]);
    });

    it('tells webhooks apart, and knows nothing of one that has nothing', async () => {
      const [one, other] = [unique('wh'), unique('wh')];
      await stats.add([row(one, noon), row(other, noon, { attempts: 9 })]);
      expect(await read(one, 'minute')).toMatchObject([{ attempts: 1 }]);
      expect(await read(unique('wh'), 'minute')).toEqual([]);
    });

    it('sums minutes by the hour and by the day of UTC, in order of time', async () => {
      const webhookId = unique('wh');
      const midnight = noon + 12 * hour;
      await stats.add([
        row(webhookId, midnight),
        row(webhookId, noon + 59 * minute),
        row(webhookId, noon),
        row(webhookId, noon + hour),
      ]);
      expect(await read(webhookId, 'hour')).toMatchObject([
        { from: noon, attempts: 2, durations: [4, 2] },
        { from: noon + hour, attempts: 1 },
        { from: midnight, attempts: 1 },
      ]);
      expect(await read(webhookId, 'day', noon - 12 * hour, midnight + day)).toMatchObject([
        { from: noon - 12 * hour, attempts: 3 },
        { from: midnight, attempts: 1 },
      ]);
    });

    it('gives buckets from the first instant on and not the one at the last', async () => {
      const webhookId = unique('wh');
      await stats.add([row(webhookId, noon - minute), row(webhookId, noon), row(webhookId, noon + minute)]);
      expect(await read(webhookId, 'minute', noon, noon + minute)).toMatchObject([{ from: noon }]);
    });

    it('keeps the same sums, whatever became of minutes and hours', async () => {
      const at = fc.integer({ min: 0, max: 3 * 24 * 60 - 1 });
      const horizon = fc.integer({ min: 0, max: 3 });
      const added = fc.array(fc.record({ at, attempts: fc.integer({ min: 1, max: 9 }) }), { maxLength: 40 });
      await fc.assert(
        fc.asyncProperty(
          added,
          horizon,
          horizon,
          fc.integer({ min: 1, max: 7 }),
          async (rows, m, h, limit) => {
            const webhookId = unique('wh');
            const start = noon - 12 * hour;
            await stats.add(
              rows.map(({ at, attempts }) =>
                row(webhookId, start + at * minute, { attempts, durations: [at % 49, attempts] }),
              ),
            );
            const days = () => read(webhookId, 'day', start, start + 3 * day);
            const before = await days();
            const old = { minute: start + m * day, hour: start + Math.min(h, m) * day, day: 0 };
            while ((await stats.tidy(old, limit)) > 0);
            expect(await days()).toEqual(before);
            const kept = await read(webhookId, 'minute', start, start + 3 * day);
            expect(kept.every(({ from }) => from >= old.minute)).toBe(true);
          },
        ),
        { numRuns: 25 },
      );
    });

    it('turns old minutes into hours that can still be asked for, and adds late ones to them', async () => {
      const webhookId = unique('wh');
      await stats.add([row(webhookId, noon), row(webhookId, noon + minute), row(webhookId, noon + hour)]);
      while ((await stats.tidy({ ...never, minute: noon + hour }, 100)) > 0);
      expect(await read(webhookId, 'minute')).toMatchObject([{ from: noon + hour }]);
      await stats.add([row(webhookId, noon + 2 * minute)]);
      while ((await stats.tidy({ ...never, minute: noon + hour }, 100)) > 0);
      expect(await read(webhookId, 'hour')).toMatchObject([
        { from: noon, attempts: 3, delivered: 3, durations: [4, 3], latencies: [7, 3] },
        { from: noon + hour, attempts: 1 },
      ]);
    });

    it('deletes old days', async () => {
      const webhookId = unique('wh');
      const today = noon - 12 * hour;
      await stats.add([row(webhookId, today), row(webhookId, today + day)]);
      const old = { minute: today + 2 * day, hour: today + 2 * day, day: today + day };
      while ((await stats.tidy(old, 100)) > 0);
      expect(await read(webhookId, 'day', today, today + 2 * day)).toMatchObject([{ from: today + day }]);
    });

    describe('of an account', () => {
      async function account(webhooks: number) {
        const accountId = unique('acc');
        await directory.createAccount({ id: accountId, name: 'Asha', createdAt: noon });
        const ids = Array.from({ length: webhooks }, () => unique('wh'));
        for (const id of ids) {
          await directory.createWebhook(testWebhook({ id, accountId }), {
            secret: 'whsec_1',
            expiresAt: null,
          });
        }
        return { accountId, ids, one: ids[0] ?? '', two: ids[1] ?? '' };
      }
      const totals = (accountId: string | null, bucket: 'hour' | 'day', from = noon, to = noon + day) =>
        stats.readTotals({ accountId, from, to, bucket });

      it('are summed by webhook and hour, and have nothing of another account', async () => {
        const [mine, other] = [await account(2), await account(1)];
        await stats.add([
          row(mine.one, noon, { attempts: 5, delivered: 3, failed: 1 }),
          row(mine.one, noon + 59 * minute),
          row(mine.two, noon + 2 * hour, { delivered: 0, failed: 7 }),
          row(other.one, noon),
        ]);
        await stats.add([row(mine.one, noon + minute)]);
        const found = await totals(mine.accountId, 'hour');
        expect(Object.fromEntries(found.map(({ webhookId, counts }) => [webhookId, counts]))).toEqual({
          [mine.one]: [noon, 7, 5, 1],
          [mine.two]: [noon + 2 * hour, 1, 0, 7],
        });
        const all = await totals(null, 'hour');
        expect(all.map(({ webhookId }) => webhookId)).toEqual(
          expect.arrayContaining([mine.one, mine.two, other.one]),
        );
      });

      it('have the buckets of the range, by the day too', async () => {
        const { accountId, one } = await account(1);
        const midnight = noon + 12 * hour;
        await stats.add([
          row(one, noon - minute),
          row(one, noon),
          row(one, midnight),
          row(one, midnight + hour),
        ]);
        expect(await totals(accountId, 'hour', noon, midnight)).toEqual([
          { webhookId: one, counts: [noon, 1, 1, 0] },
        ]);
        expect(await totals(accountId, 'day', midnight - day, midnight + day)).toEqual([
          { webhookId: one, counts: [midnight - day, 2, 2, 0, midnight, 2, 2, 0] },
        ]);
      });

      it('outlive the webhook, and go with the hours and days that are too old', async () => {
        const { accountId, one } = await account(1);
        const today = noon - 12 * hour;
        await stats.add([row(one, today - hour), row(one, today + hour)]);
        await directory.deleteWebhook(one, noon);
        while ((await stats.tidy({ minute: 0, hour: today, day: 0 }, 1)) > 0);
        expect(await totals(accountId, 'hour', today - day)).toEqual([
          { webhookId: one, counts: [today + hour, 1, 1, 0] },
        ]);
        expect(await totals(accountId, 'day', today - day)).toMatchObject([{ counts: { length: 8 } }]);
        while ((await stats.tidy({ minute: today, hour: today, day: today }, 1)) > 0);
        expect(await totals(accountId, 'day', today - day)).toEqual([
          { webhookId: one, counts: [today, 1, 1, 0] },
        ]);
      });
    });

    it('keeps what was added when it is opened again', async () => {
      const webhookId = unique('wh');
      const first = await openPlace('stats again', createManualClock());
      await first.stats.add([row(webhookId, noon)]);
      await first.close();
      const second = await openPlace('stats again', createManualClock());
      const question = { asker: null, webhookId, from: noon, to: noon + minute, bucket: 'minute' } as const;
      expect(await second.stats.read(question)).toEqual([row(webhookId, noon)]);
      await second.close();
    });
  });
}
