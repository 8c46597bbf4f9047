import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AttemptRecord, QueuedDelivery } from '../../../core/delivery.ts';
import { testWebhook } from '../../../testing/factories.ts';
import type { ManualClock } from '../../../testing/manual-clock.ts';
import type { DeliveryFilter, DeliveryWithEvent } from '../../ports/history.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import { appendTold, attemptOf, newEvent, unique } from '../samples.ts';
import { anyFilter, type Happening, happening, webhooks } from './arbitraries.ts';
import type { HistoryStore } from './history-store.ts';
import { expectedList, viewOf } from './model.ts';

/** Every page of a list. */
async function walk<T>(list: (page: PageRequest) => Promise<Page<T>>, limit: number): Promise<T[][]> {
  const pages: T[][] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await list({ limit, cursor });
    pages.push([...page.data]);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return pages;
}

/** Lists of deliveries against a model: an array of everything that was stored. */
export function describeLists(open: () => HistoryStore, clock: ManualClock): void {
  const walkList = (filter: DeliveryFilter, limit: number) =>
    walk((page) => open().history.listDeliveries(filter, page), limit);
  const base = clock.now();
  const all: DeliveryWithEvent[] = [];

  async function happen(group: readonly Happening[]): Promise<void> {
    clock.advance(group[0]?.pauseMs ?? 0);
    const told: QueuedDelivery[] = [];
    open().log.onAccepted((deliveries) => told.push(...deliveries));
    // Without an id of its own a repeated message id would be the same event.
    const entries = group.map(({ webhookIds, own, parts }) =>
      own
        ? newEvent(webhookIds, parts, unique('own'))
        : newEvent(webhookIds, { ...parts, status: unique('status') }),
    );
    await appendTold(open().log, entries);
    const wanted = group.flatMap(({ webhookIds, attempts }) => webhookIds.map((_, i) => attempts[i] ?? []));
    expect(told).toHaveLength(wanted.length);
    const records: Promise<void>[] = [];
    told.forEach((delivery, i) => {
      let latest: AttemptRecord | null = null;
      for (const { after, ...seen } of wanted[i] ?? []) {
        const before: QueuedDelivery = { ...delivery, attempts: latest?.number ?? 0 };
        const made = attemptOf(before, after, seen);
        latest = made;
        records.push(new Promise((resolve) => open().log.record(made, resolve)));
      }
      all.push(viewOf(delivery, latest));
    });
    await Promise.all(records);
  }

  describe('lists', () => {
    beforeAll(async () => {
      const { directory } = open();
      for (const id of ['acc_a', 'acc_b']) await directory.createAccount({ id, name: id, createdAt: base });
      for (const webhook of webhooks) {
        await directory.createWebhook(webhook, { secret: 'whsec_c2VjcmV0', expiresAt: null });
      }
      const groups = fc.array(happening, { minLength: 1, maxLength: 20 });
      for (const group of fc.sample(groups, 40)) await happen(group);
    });

    it('have what a filter over everything would leave, in pages of any size, each delivery once', async () => {
      await fc.assert(
        fc.asyncProperty(anyFilter(base), fc.integer({ min: 1, max: 100 }), async (filter, limit) => {
          const pages = await walkList(filter, limit);
          const expected = expectedList(filter, all);
          expect(pages.flat().map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
          expect(pages.flat()).toEqual(expected);
          expect(pages.every((page) => page.length <= limit)).toBe(true);
        }),
        { numRuns: 250 },
      );
    });

    it('have everything without a filter', async () => {
      expect((await walkList({ accountId: null }, 500)).flat()).toEqual(
        expectedList({ accountId: null }, all),
      );
      expect(all.length).toBeGreaterThan(100);
    });

    it('give the ids alone, and say where deliveries stand', async () => {
      await fc.assert(
        fc.asyncProperty(anyFilter(base), fc.integer({ min: 1, max: 100 }), async (filter, limit) => {
          const pages = await walk((page) => open().history.listDeliveryIds(filter, page), limit);
          const expected = expectedList(filter, all);
          expect(pages.flat()).toEqual(expected.map(({ id }) => id));
          const states = await open().history.statesOf([...pages.flat(), 'dlv_00000000001', 'x']);
          expect(states).toEqual(expected.map(({ id, state }) => ({ id, state })));
        }),
        { numRuns: 50 },
      );
    });

    it('keep to the time of acceptance where thousands come in one millisecond', async () => {
      clock.advance(1_000);
      const now = clock.now();
      const told: QueuedDelivery[] = [];
      open().log.onAccepted((deliveries) => told.push(...deliveries));
      const accountId = unique('acc');
      await appendTold(
        open().log,
        Array.from({ length: 1_500 }, () => newEvent(['wh_x', 'wh_y'], { accountId })),
      );
      clock.advance(1_000);
      for (const [from, to] of [
        [now, now + 1],
        [now + 1, now + 2],
        [now + 2, now + 3],
      ] as const) {
        const found = (await walkList({ accountId, from, to }, 500)).flat();
        const expected = told.filter(({ acceptedAt }) => acceptedAt >= from && acceptedAt < to);
        expect(found.map(({ id }) => id).toReversed()).toEqual(expected.map(({ id }) => id));
      }
    });

    it('end a page that is large enough although more was asked for, and go on with the next', async () => {
      const accountId = unique('acc');
      const long = 'x'.repeat(20_000);
      const sent = Array.from({ length: 120 }, (_, i) =>
        newEvent(['wh_x'], { accountId, transactionId: `${long}${i}` }),
      );
      await appendTold(open().log, sent);
      const pages = await walkList({ accountId }, 500);
      expect(pages.length).toBeGreaterThan(1);
      expect(JSON.stringify(pages[0]).length).toBeLessThan(1.2 * 2 ** 20);
      const ids = pages.flat().map(({ event }) => event.messageId);
      expect(ids.toReversed()).toEqual(sent.map(({ event }) => event.messageId));
    });

    it("find the deliveries of a webhook's earlier product", async () => {
      const webhook = testWebhook({ id: unique('wh'), accountId: 'acc_a' });
      await open().directory.createWebhook(webhook, { secret: 'whsec_c2VjcmV0', expiresAt: null });
      const messageId = unique('message');
      await appendTold(open().log, [newEvent([webhook.id], { accountId: 'acc_a', messageId })]);
      await open().directory.replaceWebhook(webhook.id, { ...webhook, product: 'whatsapp' }, clock.now());
      const list = async (product: 'sms' | 'whatsapp', narrow: object) => {
        const filter = { accountId: 'acc_a', product, from: clock.now(), ...narrow };
        const { data } = await open().history.listDeliveries(filter, { limit: 10, cursor: null });
        return data.map(({ event }) => event.messageId);
      };
      for (const narrow of [{}, { messageId }, { webhookId: webhook.id }, { state: 'pending' }]) {
        expect(await list('sms', narrow)).toEqual([messageId]);
        expect(await list('whatsapp', narrow)).toEqual([]);
      }
    });

    it('refuse a cursor that no list gave', async () => {
      const page = { limit: 10, cursor: 'somewhere' };
      for (const list of [open().history.listDeliveries, open().history.listDeliveryIds]) {
        await expect(list({ accountId: null }, page)).rejects.toMatchObject({ code: 'invalid_request' });
      }
    });
  });
}
