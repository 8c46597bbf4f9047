import { describe, expect, it } from 'vitest';
import type { AfterAttempt } from '../../../core/delivery.ts';
import { nothingHeld } from '../../ports/delivery-log.ts';
import type { OpenLogStore } from '../open-store.ts';
import { delivered, failed, idsOf, newEvent, queue, record, retryAt, unique } from '../samples.ts';

/** What becomes of a delivery. */
export function describeChanges(open: () => OpenLogStore): void {
  async function one(webhookId = unique('wh')) {
    const [delivery] = await queue(open().log, webhookId, 1);
    if (!delivery) throw new Error('nothing queued');
    return delivery;
  }
  const shown = (id: string) => open().history.getDelivery(id);

  describe('record', () => {
    it.each<[AfterAttempt, object]>([
      [delivered, { state: 'delivered', stateReason: null, nextAttemptAt: null, finishedAt: 142 }],
      [failed, { state: 'failed', stateReason: 'attempts_exhausted', nextAttemptAt: null, finishedAt: 142 }],
      [
        { state: 'skipped', reason: 'webhook_deleted' },
        { state: 'skipped', stateReason: 'webhook_deleted', nextAttemptAt: null, finishedAt: 142 },
      ],
      [retryAt(9_000), { state: 'retrying', stateReason: null, nextAttemptAt: 9_000, finishedAt: null }],
    ])('leaves the delivery in the state %o', async (after, expected) => {
      const delivery = await one();
      await record(open().log, delivery, after);
      expect(await shown(delivery.id)).toMatchObject({ ...expected, attempts: 1 });
    });

    it('keeps every attempt as it was', async () => {
      const delivery = await one();
      const first = {
        webhookVersion: 3,
        manual: false,
        startedAt: 1_000,
        durationMs: 15_000,
        statusCode: null,
        errorClass: 'timeout_headers' as const,
        errorDetail: 'No answer within 15 s.',
        responseBody: null,
      };
      const second = {
        ...first,
        webhookVersion: 4,
        manual: true,
        statusCode: 200,
        errorClass: null,
        errorDetail: null,
        responseBody: 'ok 🙂',
      };
      await record(open().log, delivery, retryAt(2_000), first);
      await record(open().log, { ...delivery, attempts: 1 }, delivered, second);
      expect(await shown(delivery.id)).toMatchObject({
        state: 'delivered',
        attempts: 2,
        statusCode: 200,
        errorClass: null,
        attemptLog: [
          { number: 1, ...first },
          { number: 2, ...second },
        ],
      });
    });
  });

  describe('skipDeliveries', () => {
    it('ends those that wait, and nothing else of the webhook', async () => {
      const webhookId = unique('wh');
      const [pending, retrying, done, other] = await queue(open().log, webhookId, 4);
      if (!pending || !retrying || !done || !other) throw new Error('nothing queued');
      await record(open().log, retrying, retryAt(9_000));
      await record(open().log, done, delivered);
      const ids = [pending, retrying, done, await one()].map(({ id }) => id);
      expect(await open().log.skipDeliveries(webhookId, ids, 'erased', 8_000)).toBe(2);
      const skipped = { state: 'skipped', stateReason: 'erased', finishedAt: 8_000, nextAttemptAt: null };
      expect(await shown(pending.id)).toMatchObject(skipped);
      expect(await shown(retrying.id)).toMatchObject(skipped);
      expect(await shown(done.id)).toMatchObject({ state: 'delivered' });
      expect(await shown(ids[3] ?? '')).toMatchObject({ state: 'pending' });
      expect(idsOf(await open().log.loadPending(webhookId, nothingHeld, 10))).toEqual([other.id]);
      expect(await open().log.skipDeliveries(webhookId, ids, 'erased', 8_000)).toBe(0);
    });

    it('lets the next report of a message go that waited for one of them', async () => {
      const webhookId = unique('wh');
      const messageId = unique('m');
      const events = ['sent', 'delivered'].map((status) => newEvent([webhookId], { messageId, status }));
      await open().log.append(events.map((event) => ({ ...event, orderedWebhookIds: [webhookId] })));
      const [first] = await open().log.loadPending(webhookId, nothingHeld, 10);
      const released = new Promise<string[]>((resolve) => {
        open().log.onReleased((deliveries) => resolve(idsOf(deliveries)));
      });
      expect(await open().log.skipDeliveries(webhookId, [first?.id ?? ''], 'erased', 8_000)).toBe(1);
      expect(await released).toHaveLength(1);
      expect(
        (await open().log.loadRetries(webhookId, 8_000, 10)).due.map(({ event }) => event.status),
      ).toEqual(['delivered']);
    });
  });

  describe('skipDeliveries of a webhook that wants order', () => {
    it('lets nobody go because of one that waited itself: the one before it may be under way', async () => {
      const webhookId = unique('wh');
      const messageId = unique('m');
      const events = ['sent', 'delivered', 'read'].map((status) =>
        newEvent([webhookId], { messageId, status }),
      );
      await open().log.append(events.map((event) => ({ ...event, orderedWebhookIds: [webhookId] })));
      const [first] = await open().log.loadPending(webhookId, nothingHeld, 10);
      const page = await open().history.listDeliveries(
        { accountId: 'acc_1', webhookId, state: 'pending' },
        { limit: 10, cursor: null },
      );
      const second = page.data.find(({ event }) => event.status === 'delivered');
      expect(await open().log.skipDeliveries(webhookId, [second?.id ?? ''], 'erased', 8_000)).toBe(1);
      expect((await open().log.loadRetries(webhookId, 8_000, 10)).due).toEqual([]);
      if (!first) throw new Error('nothing queued');
      await record(open().log, first, delivered);
      const { due } = await open().log.loadRetries(webhookId, Number.MAX_SAFE_INTEGER, 10);
      expect(due.map(({ event }) => event.status)).toEqual(['read']);
    });
  });

  describe('skipWaiting', () => {
    it('ends what waits, with the reason, and nothing else', async () => {
      const webhookId = unique('wh');
      const other = await one();
      const [pending, retrying, done] = await queue(open().log, webhookId, 3);
      if (!pending || !retrying || !done) throw new Error('nothing queued');
      await record(open().log, retrying, retryAt(9_000));
      await record(open().log, done, delivered);
      expect(await open().log.skipWaiting(webhookId, 'webhook_deleted', 8_000)).toBe(2);
      const skipped = {
        state: 'skipped',
        stateReason: 'webhook_deleted',
        finishedAt: 8_000,
        nextAttemptAt: null,
      };
      expect(await shown(pending.id)).toMatchObject(skipped);
      expect(await shown(retrying.id)).toMatchObject(skipped);
      expect(await shown(done.id)).toMatchObject({ state: 'delivered' });
      expect(await shown(other.id)).toMatchObject({ state: 'pending' });
      expect(idsOf(await open().log.loadPending(webhookId, nothingHeld, 10))).toEqual([]);
      expect((await open().log.waiting()).map((summary) => summary.webhookId)).not.toContain(webhookId);
    });

    it('ends thousands', async () => {
      const webhookId = unique('wh');
      await queue(open().log, webhookId, 2_500);
      expect(await open().log.skipWaiting(webhookId, 'webhook_deleted', 8_000)).toBe(2_500);
      expect(await open().log.skipWaiting(webhookId, 'webhook_deleted', 8_000)).toBe(0);
    });

    it('comes after what was recorded before it', async () => {
      const delivery = await one();
      const appended = queue(open().log, unique('wh'), 1);
      const recorded = record(open().log, delivery, retryAt(9_000));
      await open().log.skipWaiting(delivery.webhookId, 'webhook_deleted', 8_000);
      await Promise.all([appended, recorded]);
      expect(await shown(delivery.id)).toMatchObject({ state: 'skipped' });
    });

    it('comes after all that was recorded before it, however much that is', async () => {
      const webhookId = unique('wh');
      const deliveries = await queue(open().log, webhookId, 2_000);
      const recorded = deliveries.map((delivery) => record(open().log, delivery, retryAt(9_000)));
      expect(await open().log.skipWaiting(webhookId, 'webhook_deleted', 8_000)).toBe(2_000);
      await Promise.all(recorded);
      expect(await open().log.loadRetries(webhookId, 9_000, 10)).toEqual({ due: [], nextRetryAt: null });
    });

    it('waits for no later call when others came between it and a large one', async () => {
      const { log } = open();
      const webhookIds = Array.from({ length: 1_200 }, (_, i) => unique(`wh_${i}`));
      const append = (ids: readonly string[], accountId: string) =>
        log.append([newEvent(ids, { accountId })]);
      const calls = [
        append(webhookIds, unique('acc')),
        append([unique('wh')], unique('acc')),
        append([unique('wh')], unique('acc')),
      ];
      expect(await log.skipWaiting(unique('wh'), 'webhook_deleted', 8_000)).toBe(0);
      await Promise.all(calls);
    });
  });
}
