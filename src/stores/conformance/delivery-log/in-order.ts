import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../core/clock.ts';
import type { Conclusion, QueuedDelivery } from '../../../core/delivery.ts';
import type { Event } from '../../../core/event.ts';
import { type NewEvent, nothingHeld } from '../../ports/delivery-log.ts';
import type { OpenLogPlace, OpenLogStore } from '../open-store.ts';
import { appendTold, attemptOf, delivered, failed, newEvent, record, retryAt, unique } from '../samples.ts';

/** Webhooks that want one message's reports strictly one after another. */
export function describeInOrder(open: OpenLogPlace): void {
  describe('order within a message', () => {
    let store: OpenLogStore;
    let webhookId: string;
    let accountId: string;
    beforeAll(async () => {
      store = await open(unique('order'), systemClock);
    });
    afterAll(() => store.close());
    // Each test names its messages as it likes, so they are of an account of its own.
    beforeEach(() => {
      [webhookId, accountId] = [unique('wh'), unique('acc')];
    });

    function report(messageId: string, status: string, part: number | null = null): NewEvent {
      const event = newEvent([webhookId], { accountId, messageId, status, part });
      return { ...event, orderedWebhookIds: [webhookId] };
    }

    /** Everything that may be sent, in the order in which it was told. */
    function listen({ log }: OpenLogStore): QueuedDelivery[] {
      const told: QueuedDelivery[] = [];
      const own = webhookId;
      const hear = (all: readonly QueuedDelivery[]) =>
        told.push(...all.filter((each) => each.webhookId === own));
      log.onAccepted(hear);
      log.onReleased(hear);
      return told;
    }

    const statuses = (told: readonly QueuedDelivery[]) => told.map(({ event }) => event.status);

    function at(told: readonly QueuedDelivery[], place: number): QueuedDelivery {
      const delivery = told[place];
      if (!delivery) throw new Error(`Only ${told.length} deliveries were told.`);
      return delivery;
    }

    it('tells the next report of a message only when the one before has ended', async () => {
      const { log } = store;
      const told = listen(store);
      await appendTold(log, [
        report('m1', 'sent'),
        report('m1', 'delivered'),
        report('m1', 'read'),
        report('m2', 'sent'),
      ]);
      expect(told.map(({ event }) => `${event.messageId} ${event.status}`)).toEqual(['m1 sent', 'm2 sent']);
      await record(log, at(told, 0), retryAt(Date.now() + 1_000));
      expect(told).toHaveLength(2);
      await record(log, { ...at(told, 0), attempts: 1 }, delivered);
      expect(statuses(told)).toEqual(['sent', 'sent', 'delivered']);
      await record(log, at(told, 2), failed);
      expect(statuses(told)).toEqual(['sent', 'sent', 'delivered', 'read']);
    });

    it('skips a report that says less than what was delivered, also long after', async () => {
      const { log, history } = store;
      const told = listen(store);
      await appendTold(log, [report('m1', 'read'), report('m1', 'sent'), report('m1', 'played')]);
      await record(log, at(told, 0), delivered);
      expect(statuses(told)).toEqual(['read', 'played']);
      await record(log, at(told, 1), delivered);
      const [late] = await appendTold(log, [report('m1', 'delivered')]);
      expect(told).toHaveLength(2);
      const event = await history.getEvent(late?.eventId ?? '', null);
      expect(event?.deliveries).toMatchObject([{ state: 'skipped', stateReason: 'outdated', attempts: 0 }]);
    });

    it("takes a status for what it says in any spelling, SMPP's too", async () => {
      const { log, history } = store;
      const told = listen(store);
      await appendTold(log, [report('m1', 'READ'), report('m2', 'DELIVRD')]);
      await record(log, at(told, 0), delivered);
      await record(log, at(told, 1), delivered);
      expect(statuses(told)).toEqual(['READ', 'DELIVRD']);
      const late = await appendTold(log, [
        report('m1', ' Sent'),
        report('m1', 'DELIVRD'),
        report('m2', 'ENROUTE'),
      ]);
      expect(told).toHaveLength(2);
      for (const { eventId } of late) {
        const event = await history.getEvent(eventId, null);
        expect(event?.deliveries).toMatchObject([{ state: 'skipped', stateReason: 'outdated' }]);
      }
      // A carrier may correct one outcome with another.
      await appendTold(log, [report('m2', 'DELETED')]);
      expect(statuses(told)).toEqual(['READ', 'DELIVRD', 'DELETED']);
    });

    it('tells of those that it skips, once each', async () => {
      const { log } = store;
      const told = listen(store);
      const skipped: (readonly [Conclusion, QueuedDelivery])[] = [];
      log.onOutdated((conclusion, delivery) => skipped.push([conclusion, delivery]));
      await appendTold(log, [report('m1', 'read'), report('m1', 'sent'), report('m1', 'delivered')]);
      expect(skipped).toEqual([]);
      await record(log, at(told, 0), delivered, { startedAt: 5_000, durationMs: 10 });
      await appendTold(log, [report('m2', 'sent'), report('m1', 'accepted')]);
      expect(told).toHaveLength(2);
      const [, , late] = skipped;
      expect(skipped.map(([{ at }, { event }]) => [event.status, at])).toEqual([
        ['sent', 5_010],
        ['delivered', 5_010],
        ['accepted', late?.[1].acceptedAt],
      ]);
      for (const [{ deliveryId, after }, { id, webhookId: of, attempts }] of skipped) {
        expect(after).toEqual({ state: 'skipped', reason: 'outdated' });
        expect([deliveryId, of, attempts]).toEqual([id, webhookId, 0]);
      }
    });

    it('keeps the parts of a message in one order, but does not take one for outdated by another', async () => {
      const { log } = store;
      const told = listen(store);
      await appendTold(log, [report('m1', 'delivered', 1), report('m1', 'sent', 2)]);
      expect(told).toHaveLength(1);
      await record(log, at(told, 0), delivered);
      expect(statuses(told)).toEqual(['delivered', 'sent']);
    });

    it('keeps people apart who got one id: members of a group, recipients of a bulk send', async () => {
      const { log } = store;
      const told = listen(store);
      const to = (parts: Partial<Event>, status: string): NewEvent => ({
        ...newEvent([webhookId], { accountId, messageId: 'bulk', status, mobileNumber: null, ...parts }),
        orderedWebhookIds: [webhookId],
      });
      const [one, other, member] = [
        { mobileNumber: '919812345678' },
        { mobileNumber: '919812345679' },
        { userId: 'IN.1349' },
      ];
      await appendTold(log, [
        to(one, 'read'),
        to(other, 'sent'),
        to(member, 'sent'),
        to({ mobileNumber: '+91 98123-45678' }, 'sent'),
      ]);
      expect(statuses(told)).toEqual(['read', 'sent', 'sent']);
      await record(log, at(told, 0), delivered);
      await record(log, at(told, 1), delivered);
      expect(statuses(told)).toEqual(['read', 'sent', 'sent']);
      await appendTold(log, [to(other, 'delivered')]);
      expect(statuses(told)).toEqual(['read', 'sent', 'sent', 'delivered']);
    });

    it('lets a report wait for one of its message that names nobody', async () => {
      const { log } = store;
      const told = listen(store);
      const bare = newEvent([webhookId], { accountId, messageId: 'm1', status: 'sent', mobileNumber: null });
      await appendTold(log, [{ ...bare, orderedWebhookIds: [webhookId] }, report('m1', 'delivered')]);
      expect(statuses(told)).toEqual(['sent']);
      await record(log, at(told, 0), delivered);
      expect(statuses(told)).toEqual(['sent', 'delivered']);
    });

    it('does not skip what has a status of its own, nor what comes after a failure to deliver', async () => {
      const { log } = store;
      const told = listen(store);
      await appendTold(log, [
        report('m1', 'read'),
        report('m1', 'on_its_way'),
        report('m2', 'read'),
        report('m2', 'sent'),
      ]);
      for (const first of [at(told, 0), at(told, 1)]) {
        await record(log, first, first.event.messageId === 'm1' ? delivered : failed);
      }
      expect(statuses(told)).toEqual(['read', 'read', 'on_its_way', 'sent']);
    });

    it('shows a report that waits for its turn as pending', async () => {
      const { log, history } = store;
      await appendTold(log, [report('m1', 'sent'), report('m1', 'delivered')]);
      const filter = { accountId, webhookId, state: 'pending' } as const;
      const { data } = await history.listDeliveries(filter, { limit: 10, cursor: null });
      expect(data.map(({ event }) => event.status)).toEqual(['delivered', 'sent']);
    });

    it('goes on across a restart, and finds what was released as something due', async () => {
      const place = unique('order');
      const first = await open(place, systemClock);
      const told = listen(first);
      await appendTold(first.log, [report('m1', 'sent'), report('m1', 'delivered'), report('m1', 'read')]);
      await record(first.log, at(told, 0), delivered);
      await first.close();
      const second = await open(place, systemClock);
      const toldAgain = listen(second);
      expect(await second.log.loadPending(webhookId, nothingHeld, 10)).toEqual([]);
      const { due } = await second.log.loadRetries(webhookId, Date.now() + 1_000, 10);
      expect(statuses(due)).toEqual(['delivered']);
      await record(second.log, at(due, 0), delivered);
      expect(statuses(toldAgain)).toEqual(['read']);
      await second.close();
    });

    it('lets the next go when one ends without an attempt, and ends all when the webhook goes', async () => {
      const { log, history } = store;
      const told = listen(store);
      await appendTold(
        log,
        ['sent', 'delivered', 'read'].map((status) => report('m1', status)),
      );
      const { deliveryId, ordered } = attemptOf(at(told, 0), delivered);
      await new Promise<void>((resolve) => {
        const after = { state: 'failed', reason: 'gave_up_after' } as const;
        log.conclude({ deliveryId, webhookId, ordered, at: Date.now(), after }, resolve);
      });
      await log.waiting();
      expect(statuses(told)).toEqual(['sent', 'delivered']);
      expect(await log.skipWaiting(webhookId, 'webhook_deleted', Date.now())).toBe(2);
      const filter = { accountId, webhookId } as const;
      const { data } = await history.listDeliveries(filter, { limit: 10, cursor: null });
      expect(data.map(({ stateReason }) => stateReason)).toEqual([
        'webhook_deleted',
        'webhook_deleted',
        'gave_up_after',
      ]);
    });
  });
}
