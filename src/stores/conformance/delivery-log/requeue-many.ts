import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../core/clock.ts';
import type { AfterAttempt, QueuedDelivery } from '../../../core/delivery.ts';
import { nothingHeld, type RequeueRequest } from '../../ports/delivery-log.ts';
import type { OpenLogPlace, OpenLogStore } from '../open-store.ts';
import {
  appendTold,
  delivered,
  failed,
  idsOf,
  newEvent,
  queue,
  record,
  retryAt,
  unique,
} from '../samples.ts';

const skipped: AfterAttempt = { state: 'skipped', reason: 'webhook_deleted' };

function requestFor(deliveries: readonly QueuedDelivery[], parts: Partial<RequeueRequest> = {}) {
  const webhookId = deliveries[0]?.webhookId ?? '';
  return {
    webhookId,
    deliveryIds: idsOf(deliveries),
    states: ['failed'],
    ordered: false,
    now: 5_000,
    ...parts,
  } as const;
}

/** Many deliveries at once. */
export function describeRequeueMany(open: () => OpenLogStore): void {
  const shown = (id: string) => open().history.getDelivery(id);

  async function ended(webhookId: string, ...ends: (AfterAttempt | null)[]): Promise<QueuedDelivery[]> {
    const deliveries = await queue(open().log, webhookId, ends.length);
    for (const [i, delivery] of deliveries.entries()) {
      const after = ends[i];
      if (after) await record(open().log, delivery, after);
    }
    return deliveries;
  }

  describe('requeueMany', () => {
    it('makes them due now in the order of acceptance, as manual ones with all attempts before them', async () => {
      const deliveries = await ended(unique('wh'), failed, failed, failed);
      const [a, b, c] = idsOf(deliveries);
      const request = { ...requestFor(deliveries), deliveryIds: [c ?? '', a ?? '', b ?? ''] };
      const requeued = await open().log.requeueMany(request);
      expect(requeued.toSorted((x, y) => (x.id < y.id ? -1 : 1))).toEqual(
        [a, b, c].map((id) => ({ id, orderKey: null })),
      );
      expect((await open().log.loadRetries(request.webhookId, 5_000, 10)).due).toEqual(
        deliveries.map((delivery) => ({
          ...delivery,
          queuedAt: 5_000,
          attempts: 1,
          attemptsSinceReplay: 0,
          countedAt: expect.any(Number),
          manual: true,
        })),
      );
    });

    it('leaves those alone that are in another state', async () => {
      const ends = [failed, skipped, delivered, retryAt(1e12), null];
      for (const [states, expected] of [
        [['failed'], [0]],
        [
          ['skipped', 'delivered'],
          [1, 2],
        ],
        [['retrying'], [3]],
        [[], []],
      ] as const) {
        const deliveries = await ended(unique('wh'), ...ends);
        const before = await Promise.all(deliveries.map(({ id }) => shown(id)));
        const requeued = await open().log.requeueMany(requestFor(deliveries, { states }));
        expect(idsOf(requeued)).toEqual(expected.map((i) => deliveries[i]?.id));
        for (const [i, { id }] of deliveries.entries()) {
          const due = { state: 'retrying', nextAttemptAt: 5_000, stateReason: null };
          expect(await shown(id)).toMatchObject(
            (expected as readonly number[]).includes(i) ? due : { ...before[i] },
          );
        }
      }
    });

    it('leaves one that was never tried in its place, whatever it is asked', async () => {
      const deliveries = await ended(unique('wh'), null);
      const states = ['retrying', 'delivered', 'failed', 'skipped'] as const;
      const request = requestFor(deliveries, { states });
      expect(await open().log.requeueMany(request)).toEqual([]);
      expect(await open().log.loadPending(request.webhookId, nothingHeld, 10)).toEqual(deliveries);
    });

    it('is over with the next attempt', async () => {
      const deliveries = await ended(unique('wh'), delivered);
      const [delivery] = deliveries;
      if (!delivery) throw new Error('nothing queued');
      await open().log.requeueMany(requestFor(deliveries, { states: ['delivered'] }));
      await record(open().log, { ...delivery, attempts: 1 }, retryAt(6_000), { manual: true });
      expect((await open().log.loadRetries(delivery.webhookId, 6_000, 10)).due).toEqual([
        {
          ...{ ...delivery, queuedAt: 6_000, attempts: 2, manual: false },
          ...{ attemptsSinceReplay: 1, countedAt: expect.any(Number) },
        },
      ]);
    });

    it("leaves another webhook's and what is no delivery alone", async () => {
      const [own, other] = [await ended(unique('wh'), failed), await ended(unique('wh'), failed)];
      const deliveryIds = [...idsOf(other), 'dlv_00000000001', 'dlv_1', '', ...idsOf(own)];
      const requeued = await open().log.requeueMany(requestFor(own, { deliveryIds }));
      expect(idsOf(requeued)).toEqual(idsOf(own));
      expect(await shown(other[0]?.id ?? '')).toMatchObject({ state: 'failed' });
    });

    it('comes after the attempt that was recorded before it', async () => {
      const deliveries = await queue(open().log, unique('wh'), 1);
      const appended = queue(open().log, unique('wh'), 1);
      const [delivery] = deliveries;
      if (!delivery) throw new Error('nothing queued');
      const recorded = record(open().log, delivery, failed);
      expect(await open().log.requeueMany(requestFor(deliveries))).toHaveLength(1);
      await Promise.all([appended, recorded]);
    });
  });
}

/** Many deliveries of a webhook that wants one message's reports strictly one after another. */
export function describeRequeueInOrder(open: OpenLogPlace): void {
  describe('requeueMany in order', () => {
    let store: OpenLogStore;
    let webhookId: string;
    beforeAll(async () => {
      store = await open(unique('requeue'), systemClock);
    });
    afterAll(() => store.close());
    beforeEach(() => {
      webhookId = unique('wh');
    });

    /** Of this test's webhook alone. */
    function listen(told: QueuedDelivery[]): (all: readonly QueuedDelivery[]) => void {
      const own = webhookId;
      return (all) => void told.push(...all.filter((each) => each.webhookId === own));
    }

    /** The reports of one message that have all ended; `told` hears of everything that may be sent from then on. */
    async function stage(statuses: readonly string[], after: AfterAttempt) {
      const { log } = store;
      const told: QueuedDelivery[] = [];
      log.onAccepted(listen(told));
      log.onReleased(listen(told));
      const messageId = unique('m');
      const report = (status: string) => ({
        ...newEvent([webhookId], { messageId, status }),
        orderedWebhookIds: [webhookId],
      });
      await appendTold(log, statuses.map(report));
      for (let i = 0; i < statuses.length; i++) {
        const delivery = told[i];
        if (delivery) await record(log, delivery, after);
      }
      const deliveries = told.splice(0);
      const requeue = () =>
        log.requeueMany(requestFor(deliveries, { states: [after.state as 'failed'], ordered: true }));
      const due = async () => (await log.loadRetries(webhookId, 1e15, 10)).due;
      return { log, told, deliveries, report, requeue, due };
    }

    const statusesOf = (deliveries: readonly QueuedDelivery[]) => deliveries.map(({ event }) => event.status);

    it('sends the next report of a message when the one before has ended, and not before', async () => {
      const { log, told, requeue, due } = await stage(['sent', 'delivered', 'read'], failed);
      const requeued = await requeue();
      expect(requeued).toHaveLength(3);
      expect(new Set(requeued.map(({ orderKey }) => orderKey)).size).toBe(1);
      expect(requeued[0]?.orderKey).toEqual(expect.any(Number));
      const [first] = await due();
      if (!first) throw new Error('nothing is due');
      expect(statusesOf(await due())).toEqual(['sent']);
      await record(log, first, retryAt(9_000));
      expect(told).toEqual([]);
      await record(log, { ...first, attempts: first.attempts + 1 }, delivered);
      expect(statusesOf(told)).toEqual(['delivered']);
      expect(told[0]).toMatchObject({ manual: true, attempts: 1, ordered: true });
    });

    it('sends what was delivered before again although more was told since', async () => {
      const { log, told, requeue, due } = await stage(['sent', 'delivered', 'read'], delivered);
      await requeue();
      const [first] = await due();
      if (!first) throw new Error('nothing is due');
      await record(log, first, delivered);
      const [second] = told;
      if (!second) throw new Error('nothing was released');
      await record(log, second, delivered);
      expect(statusesOf(told)).toEqual(['delivered', 'read']);
    });

    it('lets a new report of the message wait for them', async () => {
      const { log, told, report, requeue, due } = await stage(['sent'], failed);
      await requeue();
      await appendTold(log, [report('delivered')]);
      expect(told).toEqual([]);
      const [first] = await due();
      if (!first) throw new Error('nothing is due');
      await record(log, first, delivered);
      expect(statusesOf(told)).toEqual(['delivered']);
    });

    it('makes one that is due already due once more, without waiting for itself', async () => {
      const { log, deliveries, requeue, due } = await stage(['sent', 'delivered'], failed);
      await requeue();
      const again = await log.requeueMany(
        requestFor(deliveries, { states: ['retrying'], ordered: true, now: 6_000 }),
      );
      expect(idsOf(again)).toContain(deliveries[0]?.id);
      expect(await due()).toMatchObject([{ id: deliveries[0]?.id, queuedAt: 6_000 }]);
    });

    it('lets one that is on its way without order go on so', async () => {
      const { log } = store;
      const [before] = await queue(log, webhookId, 1);
      if (!before) throw new Error('nothing queued');
      await record(log, before, retryAt(1e12));
      // Its webhook has begun to want order.
      const { messageId } = before.event;
      const later = {
        ...newEvent([webhookId], { messageId, status: 'read' }),
        orderedWebhookIds: [webhookId],
      };
      const told: QueuedDelivery[] = [];
      log.onAccepted(listen(told));
      await appendTold(log, [later]);
      const again = await log.requeueMany(requestFor([before], { states: ['retrying'], ordered: true }));
      expect(again).toEqual([{ id: before.id, orderKey: null }]);
      await record(log, { ...before, attempts: 1 }, delivered);
      for (const delivery of told) await record(log, delivery, delivered);
      await appendTold(log, [
        { ...newEvent([webhookId], { messageId, status: 'seen' }), orderedWebhookIds: [webhookId] },
      ]);
      expect(statusesOf(told)).toEqual(['read', 'seen']);
    });

    it('tells of those that wait too when it is asked for what is on its way, and leaves them waiting', async () => {
      const { log, told, deliveries, requeue, due } = await stage(['sent', 'delivered', 'read'], failed);
      const requeued = await requeue();
      for (const states of [['retrying'], ['retrying', 'failed']] as const) {
        const again = await log.requeueMany(requestFor(deliveries, { states, ordered: true }));
        expect(again).toEqual(requeued);
      }
      const others = await log.requeueMany(
        requestFor(deliveries, { states: ['failed', 'delivered', 'skipped'], ordered: true }),
      );
      expect(others).toEqual([]);
      const [first] = await due();
      if (!first) throw new Error('nothing is due');
      await record(log, first, delivered);
      expect(statusesOf(told)).toEqual(['delivered']);
    });
  });
}
