import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../core/clock.ts';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { nothingHeld } from '../../ports/delivery-log.ts';
import type { OpenLogPlace } from '../open-store.ts';
import { delivered, holding, idsOf, newEvent, queue, record, retryAt, unique } from '../samples.ts';

/** What is there after a close. */
export function describeReopen(open: OpenLogPlace): void {
  describe('a store that is opened again', () => {
    it('holds everything: what waits, what ended, and what would be the same event', async () => {
      const place = unique('place');
      const before = await open(place, systemClock);
      const [pending, retrying, done] = await queue(before.log, 'wh_1', 3);
      if (!pending || !retrying || !done) throw new Error('nothing queued');
      await record(before.log, retrying, retryAt(7_000));
      await record(before.log, done, delivered);
      const { messageId } = pending.event;
      await before.log.append([newEvent([], { messageId }, 'own')]);
      await before.close();

      const after = await open(place, systemClock);
      expect(await after.log.waiting()).toEqual([{ webhookId: 'wh_1', pending: true, nextRetryAt: 7_000 }]);
      expect(await after.log.loadPending('wh_1', nothingHeld, 10)).toEqual([pending]);
      expect((await after.log.loadRetries('wh_1', 7_000, 10)).due).toEqual([
        {
          ...{ ...retrying, queuedAt: expect.any(Number), attempts: 1 },
          ...{ attemptsSinceReplay: 1, countedAt: expect.any(Number) },
        },
      ]);
      expect(await after.history.getDelivery(done.id)).toMatchObject({ state: 'delivered', attempts: 1 });
      expect(await after.history.getEvent('own', 'acc_1')).toMatchObject({ event: { id: 'own' } });
      expect(
        await after.log.append([newEvent([], { messageId }, 'own'), newEvent([], { messageId })]),
      ).toEqual([
        { result: 'duplicate', eventId: 'own', deliveries: 0 },
        { result: 'duplicate', eventId: pending.event.id, deliveries: 1 },
      ]);
      await after.close();
    });

    it('holds what was asked for right before the close', async () => {
      const place = unique('place');
      const before = await open(place, systemClock);
      const [first] = await queue(before.log, 'wh_1', 1);
      if (!first) throw new Error('nothing queued');
      const appended = [before.log.append([newEvent(['wh_1'])]), before.log.append([newEvent(['wh_1'])])];
      const recorded = record(before.log, first, delivered);
      await before.close();
      await Promise.all([...appended, recorded]);

      const after = await open(place, systemClock);
      expect(await after.log.loadPending('wh_1', nothingHeld, 10)).toHaveLength(2);
      expect(await after.history.getDelivery(first.id)).toMatchObject({ state: 'delivered' });
      await after.close();
    });

    it('gives rising ids although the clock was set back', async () => {
      const place = unique('place');
      const noon = Date.UTC(2026, 10, 22, 12);
      const before = await open(place, createManualClock(noon));
      const [first] = await queue(before.log, 'wh_1', 1);
      await before.close();
      const after = await open(place, createManualClock(noon - 3_600_000));
      const [second] = await queue(after.log, 'wh_1', 1);
      expect(idsOf([second ?? { id: '' }])[0]?.localeCompare(first?.id ?? '')).toBe(1);
      expect(await after.log.loadPending('wh_1', holding(first ? [first] : []), 10)).toEqual([second]);
      await after.close();
    });
  });
}
