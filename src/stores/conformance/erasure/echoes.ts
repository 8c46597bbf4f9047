import { describe, expect, it } from 'vitest';
import { operationalReport } from '../../../core/products/hookwire.ts';
import type { OpenStore } from '../open-store.ts';
import { delivered, failed, newEvent, record, unique } from '../samples.ts';
import { accept, acceptOne, erasure, findAll, shownEvent, uniqueNumber } from './samples.ts';

/** What was answered and reported of somebody who is erased while their events waited. */
export function describeEchoes(open: () => OpenStore): void {
  const answersOf = async (id: string) =>
    (await open().history.getDelivery(id))?.attemptLog.map(({ responseBody }) => responseBody);

  describe('what was sent since an erasure was asked for', () => {
    it('is told of', async () => {
      const mobileNumber = uniqueNumber();
      const of = erasure({ mobileNumber });
      const seen: boolean[] = [];
      for (const startedAt of [of.createdAt - 3_600_000, of.createdAt]) {
        const parts = [{ mobileNumber }, { mobileNumber: uniqueNumber(), attributes: { of: mobileNumber } }];
        for (const each of parts) {
          const { delivery } = await acceptOne(open(), unique('acc'), each);
          await record(open().log, delivery, delivered, { startedAt });
          const { last } = await open().erasures.storedSpan();
          const { sentSince, done } = await open().erasures.eraseEvents(of, [last], 'events');
          expect(done).toBe(1);
          seen.push(sentSince);
        }
      }
      expect(seen).toEqual([false, false, true, true]);
    });

    it('left answers to others, which are found and erased without looking at events', async () => {
      const [mobileNumber, accountId] = [uniqueNumber(), unique('acc')];
      const stay = newEvent([unique('wh')], { accountId, mobileNumber });
      const others = await acceptOne(open(), accountId, { mobileNumber: uniqueNumber() });
      const foreign = await acceptOne(open(), unique('acc'), { mobileNumber: uniqueNumber() });
      const { deliveries } = await accept(open(), stay);
      const body = `took ${mobileNumber}`;
      for (const each of [others.delivery, foreign.delivery, ...deliveries])
        await record(open().log, each, delivered, { responseBody: body });
      const of = erasure({ mobileNumber }, { accountId });
      await open().erasures.create(of);
      const found = await findAll(open(), of, { look: 'echoes' });
      expect(found).toHaveLength(1);
      for (let left: readonly number[] = found; left.length > 0; )
        left = left.slice((await open().erasures.eraseEvents(of, left, 'echoes')).done);
      expect(await answersOf(others.delivery.id)).toEqual([`took ${'•'.repeat(12)}`]);
      expect(await answersOf(foreign.delivery.id)).toEqual([body]);
      expect(await answersOf(deliveries[0]?.id ?? '')).toEqual([body]);
      expect((await open().erasures.get(of.id))?.counts).toEqual({ answers: 1 });
    });

    it('left reports of the gateway’s own, which lose where they name them', async () => {
      const [accountId, messageId] = [unique('acc'), unique('message-of-theirs')];
      const data = { deliveryId: 'dlv_1', messageId, reason: 'attempts_exhausted' };
      const report = operationalReport('delivery.failed', 5, 'dlv_1', data);
      const { deliveries, ids } = await accept(open(), {
        ...{ event: { ...report, accountId }, ownId: null, webhookIds: [unique('wh')] },
      });
      const theirs = await acceptOne(open(), accountId, { messageId });
      const of = erasure({ messageId }, { accountId });
      const events = await findAll(open(), of, { look: 'echoes' });
      expect(events).toHaveLength(1);
      const waits = await open().erasures.eraseEvents(of, events, 'echoes');
      expect(waits.waiting).toMatchObject([{ deliveries: [{ id: deliveries[0]?.id }] }]);
      for (const each of deliveries) await record(open().log, each, failed);
      await open().erasures.eraseEvents(of, events, 'echoes');
      const hidden = { ...data, messageId: '•••' };
      const shown = await shownEvent(open(), ids[0] ?? '');
      expect(shown).toMatchObject({ status: 'delivery.failed', messageId: 'dlv_1' });
      expect(JSON.parse(shown?.attributes ?? '')).toEqual(hidden);
      expect(await shownEvent(open(), theirs.id)).toEqual(theirs.delivery.event);
    });
  });
}
