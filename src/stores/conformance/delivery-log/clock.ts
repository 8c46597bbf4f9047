import { describe, expect, it } from 'vitest';
import type { QueuedDelivery } from '../../../core/delivery.ts';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { nothingHeld } from '../../ports/delivery-log.ts';
import type { OpenLogPlace, OpenLogStore } from '../open-store.ts';
import { appendTold, attemptOf, idsOf, newEvent, retryAt, unique } from '../samples.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** A clock that was ahead for a while, and was then set back. */
export function describeClock(open: OpenLogPlace): void {
  async function append(store: OpenLogStore, webhookId: string): Promise<QueuedDelivery> {
    const told: QueuedDelivery[] = [];
    store.log.onAccepted((deliveries) => told.push(...deliveries));
    await appendTold(store.log, [newEvent([webhookId], { accountId: 'acc_1' })]);
    const [delivery] = told;
    if (!delivery) throw new Error('nothing told');
    return delivery;
  }

  describe('a clock that was set back', () => {
    it('is what the times of acceptance come from, in order of acceptance all the same, also after a restart', async () => {
      const place = unique('place');
      const clock = createManualClock();
      const webhookId = unique('wh');
      let store = await open(place, clock);
      const list = async (from: number, to: number) => {
        const filter = { accountId: 'acc_1', webhookId, from, to };
        return idsOf((await store.history.listDeliveries(filter, { limit: 50, cursor: null })).data);
      };
      const before = await append(store, webhookId);
      clock.set(day);
      const ahead = await append(store, webhookId);
      expect(ahead.acceptedAt).toBe(clock.now());
      clock.set(-day);
      const now: { at: number; delivery: QueuedDelivery }[] = [];
      const accept = async (): Promise<void> => {
        clock.advance(10 * 60_000);
        now.push({ at: clock.now(), delivery: await append(store, webhookId) });
      };
      await accept();
      await accept();
      await store.close();
      store = await open(place, clock);
      await accept();

      for (const { at, delivery } of now) {
        expect(delivery.acceptedAt).toBe(at);
        const shown = await store.history.getDelivery(delivery.id);
        expect(shown).toMatchObject({ acceptedAt: at, nextAttemptAt: at });
        expect(await store.history.getEvent(delivery.event.id, null)).toMatchObject({ acceptedAt: at });
        const { messageId } = delivery.event;
        const page = { limit: 1, cursor: null };
        const found = await store.history.findEvents({ accountId: null, messageId }, page);
        expect(found.data).toMatchObject([{ acceptedAt: at }]);
        expect(await list(at, at + 1)).toEqual([delivery.id]);
      }
      const recent = now.map(({ delivery }) => delivery.id).toReversed();
      expect(await list(clock.now() - 25 * 60_000, clock.now() + 1)).toEqual(recent);
      expect(await list(clock.now() + hour, clock.now() + 2 * day)).toEqual([ahead.id]);
      expect(await list(0, clock.now() - 25 * 60_000)).toEqual([before.id]);

      const pending = await store.log.loadPending(webhookId, nothingHeld, 50);
      expect(idsOf(pending)).toEqual([before.id, ahead.id, ...recent.toReversed()]);
      expect(pending.map(({ acceptedAt }) => acceptedAt)).toEqual([
        before.acceptedAt,
        ahead.acceptedAt,
        ...now.map(({ at }) => at),
      ]);
      await store.close();
    });

    it('brings back the retries that were planned while it was ahead, with what they still had to wait', async () => {
      const clock = createManualClock();
      const store = await open(unique('place'), clock);
      const webhookId = unique('wh');
      const record = (delivery: QueuedDelivery, startedAt: number, dueAt: number): Promise<void> =>
        new Promise((resolve) => {
          store.log.record(attemptOf(delivery, retryAt(dueAt), { startedAt, durationMs: 0 }), resolve);
        });
      const dueOf = async ({ id }: QueuedDelivery) =>
        ((await store.history.getDelivery(id))?.nextAttemptAt ?? 0) - clock.now();
      const usual = await append(store, webhookId);
      await record(usual, clock.now(), clock.now() + 8 * hour);
      clock.set(day);
      const deliveries: QueuedDelivery[] = [];
      for (let i = 0; i < 1_200; i++) deliveries.push({ ...usual, id: '' });
      const told: QueuedDelivery[] = [];
      store.log.onAccepted((some) => told.push(...some));
      await appendTold(
        store.log,
        deliveries.map(() => newEvent([webhookId, 'wh_other'])),
      );
      await Promise.all(told.map((delivery) => record(delivery, clock.now(), clock.now() + 5_000)));
      const [first, other] = told;
      if (!first || !other) throw new Error('nothing told');
      await store.log.requeueMany({
        ...{ webhookId, deliveryIds: [first.id], states: ['retrying'] },
        ...{ ordered: false, now: clock.now() },
      });
      clock.set(-day);
      expect(await dueOf(other)).toBe(day + 5_000);
      expect(await store.log.bringRetriesBack(clock.now())).toBe(2_400);
      expect(await dueOf(usual)).toBe(8 * hour);
      expect(await dueOf(first)).toBe(0);
      for (const delivery of [other, ...told.slice(-2)]) expect(await dueOf(delivery)).toBe(5_000);
      expect(await store.log.bringRetriesBack(clock.now())).toBe(0);
      await store.close();
    });

    it('tells when it is opened that the store has later times than the clock', async () => {
      const place = unique('place');
      const clock = createManualClock();
      let store = await open(place, clock);
      clock.set(day);
      await append(store, 'wh_1');
      await store.close();
      clock.set(-day);
      store = await open(place, clock);
      expect(store.log.latestAt).toBe(clock.now() + day);
      await store.close();
    });
  });
}
