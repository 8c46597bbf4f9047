import { describe, expect, it } from 'vitest';
import type { QueuedDelivery } from '../../../core/delivery.ts';
import type { Event } from '../../../core/event.ts';
import { type DeliveryLog, nothingHeld } from '../../ports/delivery-log.ts';
import {
  appendTold,
  attemptOf,
  delivered,
  failed,
  holding,
  idsOf,
  newEvent,
  queue,
  record,
  retryAt,
  unique,
} from '../samples.ts';

/** What lanes load. */
export function describeLoads(open: () => DeliveryLog): void {
  describe('leave', () => {
    const nameOf = ({ messageId }: Event): string => messageId.split(' of ')[0] ?? '';

    it('needs nothing told of a webhook, and has it told again behind the load that brings the last', async () => {
      const [webhookId, other] = [unique('wh'), unique('wh')];
      const told: string[] = [];
      let left = 0;
      open().onAccepted((deliveries, more) => {
        told.push(...deliveries.map(({ event }) => nameOf(event)));
        left += more;
      });
      const append = async (name: string, webhookIds = [webhookId]): Promise<void> => {
        await open().append([newEvent(webhookIds, { messageId: `${name} of ${webhookId}` })]);
      };
      await append('first');
      open().leave(webhookId);
      expect(open().isLeft(webhookId)).toBe(true);
      // Asked behind it, so that the store knows.
      const two = await open().loadPending(webhookId, nothingHeld, 1);
      await append('left', [webhookId, other]);
      await append('left too');
      expect([told, left]).toEqual([['first', 'left'], 2]);
      expect(open().isLeft(webhookId)).toBe(true);
      const rest = await open().loadPending(webhookId, holding(two.slice(0, 1)), 3);
      expect(rest.map(({ event }) => nameOf(event))).toEqual(['left', 'left too']);
      expect(open().isLeft(webhookId)).toBe(false);
      await append('told again');
      expect([told.at(-1), left]).toEqual(['told again', 2]);
    });

    it('ends when it is to be told again at once, and loads bring what was not', async () => {
      const webhookId = unique('wh');
      const told: string[] = [];
      open().onAccepted((deliveries) => told.push(...deliveries.map(({ event }) => nameOf(event))));
      const append = (name: string) =>
        open().append([newEvent([webhookId], { messageId: `${name} of ${webhookId}` })]);
      open().leave(webhookId);
      await open().loadRetries(webhookId, 0, 1);
      await append('left');
      open().heedAgain(webhookId);
      await open().loadRetries(webhookId, 0, 1);
      await append('told');
      expect(told).toEqual(['told']);
      // Until a load has brought the last, there may be some that were not told of.
      expect(open().isLeft(webhookId)).toBe(true);
      expect(await open().loadPending(webhookId, nothingHeld, 10)).toHaveLength(2);
      expect(open().isLeft(webhookId)).toBe(false);
    });

    it('does nothing while a load that may bring the last is under way, so that what comes behind it is told', async () => {
      const webhookId = unique('wh');
      const told: string[] = [];
      open().onAccepted((deliveries) => told.push(...deliveries.map(({ event }) => nameOf(event))));
      const append = (name: string) =>
        open().append([newEvent([webhookId], { messageId: `${name} of ${webhookId}` })]);
      await append('first');
      const loads = [
        open().loadPending(webhookId, nothingHeld, 10),
        open().loadPending(webhookId, nothingHeld, 1),
      ];
      open().leave(webhookId);
      expect(open().isLeft(webhookId)).toBe(false);
      await loads[0];
      open().leave(webhookId);
      await Promise.all(loads);
      await append('behind');
      expect(told).toEqual(['first', 'behind']);
      open().leave(webhookId);
      expect(open().isLeft(webhookId)).toBe(true);
      await open().loadPending(webhookId, nothingHeld, 10);
      expect(open().isLeft(webhookId)).toBe(false);
    });

    it('does not hide those that have ended unsent', async () => {
      const webhookId = unique('wh');
      const messageId = unique('message');
      const report = (status: string) => ({
        ...newEvent([webhookId], { messageId, status }),
        orderedWebhookIds: [webhookId],
      });
      const told: QueuedDelivery[] = [];
      const outdated: string[] = [];
      open().onAccepted((deliveries) => told.push(...deliveries));
      open().onOutdated((_, delivery) => outdated.push(delivery.event.status ?? ''));
      await appendTold(open(), [report('delivered')]);
      const [first] = told;
      if (!first) throw new Error('nothing told');
      await new Promise<void>((resolve) => open().record(attemptOf(first, delivered), resolve));
      open().leave(webhookId);
      await open().loadRetries(webhookId, 0, 1);
      await appendTold(open(), [report('sent')]);
      await open().loadRetries(webhookId, 0, 1);
      expect([told.length, outdated]).toEqual([1, ['sent']]);
    });
  });

  describe('loadPending', () => {
    it('gives what was never tried, oldest first, page by page, of this webhook only', async () => {
      const webhookId = unique('wh');
      const all = await queue(open(), webhookId, 5);
      await queue(open(), unique('wh'), 1);
      const first = await open().loadPending(webhookId, nothingHeld, 2);
      const second = await open().loadPending(webhookId, holding(all.slice(0, 2)), 2);
      const third = await open().loadPending(webhookId, holding(all.slice(0, 4)), 2);
      expect([first, second, third]).toEqual([all.slice(0, 2), all.slice(2, 4), all.slice(4)]);
    });

    it('stops at the delivery with which the sizes reach the bound, and goes on from there', async () => {
      const webhookId = unique('wh');
      const all = await queue(open(), webhookId, 5);
      const size = all[0]?.size ?? 0;
      expect(size).toBeGreaterThan(100);
      const first = await open().loadPending(webhookId, nothingHeld, 10, size + 1);
      expect(first).toEqual(all.slice(0, 2));
      const rest = await open().loadPending(webhookId, holding(first), 10, size * 10);
      expect(rest).toEqual(all.slice(2));
    });

    it('goes on after a delivery that has ended long after the rest was accepted', async () => {
      const webhookId = unique('wh');
      const [first, ...rest] = await queue(open(), webhookId, 3);
      if (!first) throw new Error('nothing queued');
      await record(open(), first, delivered, { startedAt: Date.now() + 60_000 });
      expect(await open().loadPending(webhookId, holding([first]), 10)).toEqual(rest);
    });

    it('goes on within the deliveries of one event', async () => {
      const webhookId = unique('wh');
      await open().append([newEvent([webhookId, webhookId, webhookId])]);
      const all = await open().loadPending(webhookId, nothingHeld, 10);
      expect(all).toHaveLength(3);
      expect(await open().loadPending(webhookId, holding(all.slice(0, 1)), 10)).toEqual(all.slice(1));
    });

    it('leaves out what was tried', async () => {
      const webhookId = unique('wh');
      const [first, second, third] = await queue(open(), webhookId, 3);
      if (!first || !second || !third) throw new Error('nothing queued');
      await Promise.all([record(open(), first, delivered), record(open(), second, retryAt(1))]);
      expect(await open().loadPending(webhookId, nothingHeld, 10)).toEqual([third]);
    });

    it('holds what was told before it resolves, and nothing else, while events come in', async () => {
      const webhookId = unique('wh');
      const told: string[] = [];
      open().onAccepted((deliveries) => told.push(...idsOf(deliveries)));
      const appends = Array.from({ length: 40 }, async (_, i) => {
        for (let turn = i % 7; turn > 0; turn--) await open().loadRetries(webhookId, 0, 1);
        await open().append([newEvent([webhookId])]);
      });
      for (let i = 0; i < 30; i++) {
        const loaded = await open().loadPending(webhookId, nothingHeld, 1_000);
        expect(idsOf(loaded)).toEqual(told);
      }
      await Promise.all(appends);
      await open().waiting();
      expect(told).toHaveLength(40);
    });
  });

  describe('loadRetries', () => {
    it('gives what is due, most overdue first, and says when the next one is', async () => {
      const webhookId = unique('wh');
      const [a, b, c, d] = await queue(open(), webhookId, 4);
      if (!a || !b || !c || !d) throw new Error('nothing queued');
      await record(open(), a, retryAt(3_000));
      await record(open(), b, retryAt(1_000));
      await record(open(), c, retryAt(2_000));
      await record(open(), d, retryAt(9_000));
      const at = async (now: number, limit = 10) => {
        const { due, nextRetryAt } = await open().loadRetries(webhookId, now, limit);
        return [idsOf(due), nextRetryAt];
      };
      expect(await at(999)).toEqual([[], 1_000]);
      expect(await at(1_000)).toEqual([[b.id], 2_000]);
      expect(await at(3_000)).toEqual([[b.id, c.id, a.id], 9_000]);
      expect(await at(9_000)).toEqual([[b.id, c.id, a.id, d.id], null]);
      const [ids, next] = await at(3_000, 2);
      expect(ids).toEqual([b.id, c.id]);
      expect(next).toBeLessThanOrEqual(3_000);
    });

    it('counts the attempts that were made', async () => {
      const webhookId = unique('wh');
      const [delivery] = await queue(open(), webhookId, 1);
      if (!delivery) throw new Error('nothing queued');
      await record(open(), delivery, retryAt(1));
      await record(open(), { ...delivery, attempts: 1 }, retryAt(2));
      const { due } = await open().loadRetries(webhookId, 2, 10);
      expect(due).toEqual([
        {
          ...{ ...delivery, queuedAt: expect.any(Number), attempts: 2 },
          ...{ attemptsSinceReplay: 2, countedAt: expect.any(Number) },
        },
      ]);
    });

    it('knows an attempt that does not count, and in how large a list it may go', async () => {
      const webhookId = unique('wh');
      const [delivery] = await queue(open(), webhookId, 1);
      if (!delivery) throw new Error('nothing queued');
      await record(open(), delivery, retryAt(1), { startedAt: 500 });
      const again = { ...delivery, attempts: 1 };
      await record(open(), again, retryAt(2), { startedAt: 900, counts: false, listMost: 4 });
      const { due } = await open().loadRetries(webhookId, 2, 10);
      expect(due).toMatchObject([{ attempts: 2, attemptsSinceReplay: 1, countedAt: 500, listMost: 4 }]);
      await record(open(), { ...delivery, attempts: 2 }, retryAt(3), { startedAt: 1_000 });
      const later = await open().loadRetries(webhookId, 3, 10);
      expect(later.due).toMatchObject([{ attempts: 3, attemptsSinceReplay: 2, countedAt: 1_000 }]);
      expect(later.due[0]?.listMost ?? null).toBeNull();
    });

    it('leaves out what has ended', async () => {
      const webhookId = unique('wh');
      const ends = [delivered, failed, { state: 'skipped', reason: 'webhook_deleted' } as const];
      for (const delivery of await queue(open(), webhookId, ends.length)) {
        await record(open(), delivery, retryAt(1));
        await record(open(), { ...delivery, attempts: 1 }, ends.pop() ?? delivered);
      }
      expect(await open().loadRetries(webhookId, 1e15, 10)).toEqual({ due: [], nextRetryAt: null });
    });
  });

  describe('waiting', () => {
    it('names every webhook with something to do, and what', async () => {
      const [fresh, retrying, both, done] = [unique('wh'), unique('wh'), unique('wh'), unique('wh')];
      await queue(open(), fresh, 2);
      for (const delivery of await queue(open(), retrying, 2)) await record(open(), delivery, retryAt(7_000));
      const [first] = await queue(open(), both, 2);
      if (first) await record(open(), first, retryAt(5_000));
      for (const delivery of await queue(open(), done, 2)) await record(open(), delivery, delivered);
      const own = (await open().waiting()).filter(({ webhookId }) =>
        [fresh, retrying, both, done].includes(webhookId),
      );
      expect(own.toSorted((a, b) => a.webhookId.localeCompare(b.webhookId))).toEqual(
        [
          { webhookId: fresh, pending: true, nextRetryAt: null },
          { webhookId: retrying, pending: false, nextRetryAt: 7_000 },
          { webhookId: both, pending: true, nextRetryAt: 5_000 },
        ].toSorted((a, b) => a.webhookId.localeCompare(b.webhookId)),
      );
    });
  });
}
