import { describe, expect, it } from 'vitest';
import type { ManualClock } from '../../../testing/manual-clock.ts';
import { nothingHeld } from '../../ports/delivery-log.ts';
import type { OpenStore } from '../open-store.ts';
import { appendTold, delivered, newEvent, record, retryAt, unique } from '../samples.ts';
import { accept, acceptOne, drop, eraseEvents, erasure, shownEvent, uniqueNumber } from './samples.ts';

/** Events of somebody who is erased that wait for delivery. */
export function describeWaiting(open: () => OpenStore, clock: ManualClock): void {
  const shown = (id: string) => shownEvent(open(), id);
  const stateOf = async (id: string) => open().history.getDelivery(id);

  describe('an event that waits for delivery', () => {
    it.each(['never tried', 'tried before'])(
      'stays and is named with what waits, until it is delivered: %s',
      async (how) => {
        const mobileNumber = uniqueNumber();
        const { id, delivery } = await acceptOne(open(), unique('acc'), { mobileNumber });
        const tried = how === 'tried before';
        if (tried)
          await record(open().log, delivery, retryAt(clock.now() + 60_000), { responseBody: 'busy' });
        const of = erasure({ mobileNumber });
        await open().erasures.create(of);
        const [waits] = await eraseEvents(open(), of);
        expect(waits?.deliveries).toEqual([{ id: delivery.id, webhookId: delivery.webhookId }]);
        expect(await shown(id)).toEqual(delivery.event);
        const attempts = tried ? 1 : 0;
        expect(await stateOf(delivery.id)).toMatchObject({ state: tried ? 'retrying' : 'pending', attempts });
        expect((await open().erasures.get(of.id))?.counts).toEqual({});
        await record(open().log, { ...delivery, attempts }, delivered);
        expect(await eraseEvents(open(), of)).toEqual([]);
        expect(await shown(id)).toMatchObject({ mobileNumber: null, cut: { contents: 'erased' } });
        expect((await open().erasures.get(of.id))?.counts).toMatchObject({ events: 1, deliveries: 1 });
      },
    );

    it('is erased when it was dropped, and counted as such', async () => {
      const mobileNumber = uniqueNumber();
      const { id, delivery } = await acceptOne(open(), unique('acc'), { mobileNumber });
      const of = erasure({ mobileNumber }, { waiting: 'drop' });
      await open().erasures.create(of);
      await drop(open(), await eraseEvents(open(), of));
      expect(await stateOf(delivery.id)).toMatchObject({ state: 'skipped', stateReason: 'erased' });
      expect(await eraseEvents(open(), of)).toEqual([]);
      expect(await shown(id)).toMatchObject({ mobileNumber: null, cut: { contents: 'erased' } });
      expect(await open().log.loadPending(delivery.webhookId, nothingHeld, 10)).toEqual([]);
      expect((await open().erasures.get(of.id))?.counts).toEqual({ events: 1, deliveries: 1, dropped: 1 });
    });

    it('for one of its webhooks waits for all, and names that one', async () => {
      const mobileNumber = uniqueNumber();
      const webhookIds = [unique('wh'), unique('wh')];
      const { deliveries, ids } = await accept(open(), newEvent(webhookIds, { mobileNumber }));
      const [one, other] = deliveries;
      if (!one || !other) throw new Error('nothing told');
      await record(open().log, one, delivered);
      const [waits] = await eraseEvents(open(), erasure({ mobileNumber }));
      expect(waits?.deliveries).toEqual([{ id: other.id, webhookId: other.webhookId }]);
      expect(await shown(ids[0] ?? '')).toMatchObject({ mobileNumber });
    });

    it('behind another report of its message waits as well', async () => {
      const [mobileNumber, webhookId, messageId] = [uniqueNumber(), unique('wh'), unique('message')];
      const entries = ['sent', 'delivered'].map((status) => ({
        ...newEvent([webhookId], { mobileNumber, messageId, status }),
        orderedWebhookIds: [webhookId],
      }));
      await appendTold(open().log, entries);
      const of = erasure({ mobileNumber });
      const waiting = await eraseEvents(open(), of);
      expect(waiting.map(({ deliveries }) => deliveries.length)).toEqual([1, 1]);
      await drop(open(), waiting);
      expect(await eraseEvents(open(), of)).toEqual([]);
    });

    it('again because somebody asked for it waits too', async () => {
      const mobileNumber = uniqueNumber();
      const { delivery } = await acceptOne(open(), unique('acc'), { mobileNumber });
      await record(open().log, delivery, delivered);
      await open().log.requeueMany({
        ...{ webhookId: delivery.webhookId, deliveryIds: [delivery.id], states: ['delivered'] },
        ...{ ordered: false, now: clock.now() },
      });
      expect(await eraseEvents(open(), erasure({ mobileNumber }))).toHaveLength(1);
    });

    it('and is somebody else’s, whose endpoint alone named them, loses that and waits on', async () => {
      const mobileNumber = uniqueNumber();
      const { delivery } = await acceptOne(open(), unique('acc'), { mobileNumber: uniqueNumber() });
      await record(open().log, delivery, retryAt(clock.now() + 1), { responseBody: mobileNumber });
      expect(await eraseEvents(open(), erasure({ mobileNumber }))).toEqual([]);
      const found = await stateOf(delivery.id);
      expect(found).toMatchObject({ state: 'retrying', event: delivery.event });
      expect(found?.attemptLog[0]?.responseBody).toMatch(/^•+$/);
    });
  });
}
