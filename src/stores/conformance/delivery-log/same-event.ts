import { describe, expect, it } from 'vitest';
import type { Event } from '../../../core/event.ts';
import type { DeliveryLog } from '../../ports/delivery-log.ts';
import { newEvent, unique } from '../samples.ts';

/** When two events are the same event. */
export function describeSameEvent(open: () => DeliveryLog): void {
  describe('the same event twice', () => {
    it('is one event with the id that the caller gave, and says how many deliveries that one has', async () => {
      const id = unique('own');
      const [first] = await open().append([newEvent(['wh_1', 'wh_2'], {}, id)]);
      const [second] = await open().append([newEvent(['wh_3'], { status: 'failed' }, id)]);
      expect(first).toEqual({ result: 'accepted', eventId: id, deliveries: 2 });
      expect(second).toEqual({ result: 'duplicate', eventId: id, deliveries: 2 });
    });

    it('is one event without an id too, whatever else its report says', async () => {
      const messageId = unique('message');
      const [first] = await open().append([newEvent(['wh_1'], { messageId, errorCode: '000' })]);
      const [second] = await open().append([
        newEvent(['wh_1'], { messageId, errorCode: '001', deliveredTime: 5, transactionId: 'other' }),
      ]);
      expect(first?.result).toBe('accepted');
      expect(second).toEqual({ ...first, result: 'duplicate' });
    });

    it.each([
      ['with an id', unique('own')],
      ['without one', null],
    ])('is found within one call, %s', async (_, ownId) => {
      const messageId = unique('message');
      const same = () => newEvent(['wh_1'], { messageId }, ownId);
      const results = await open().append([same(), newEvent([]), same(), same()]);
      expect(results.map(({ result }) => result)).toEqual(['accepted', 'accepted', 'duplicate', 'duplicate']);
      expect(new Set([results[0], results[2], results[3]].map((result) => result?.eventId)).size).toBe(1);
    });

    it('is found when both wait for the same commit', async () => {
      const id = unique('own');
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => open().append([newEvent(['wh_1'], {}, id)])),
      );
      expect(answers.flat().map(({ result }) => result)).toEqual(['accepted', ...Array(4).fill('duplicate')]);
    });

    it('is found although it went to no webhook', async () => {
      const id = unique('own');
      expect(await open().append([newEvent([], {}, id)])).toEqual([
        { result: 'accepted', eventId: id, deliveries: 0 },
      ]);
      expect(await open().append([newEvent(['wh_1'], {}, id)])).toEqual([
        { result: 'duplicate', eventId: id, deliveries: 0 },
      ]);
    });
  });

  describe('another event', () => {
    const base: Partial<Event> = {
      accountId: 'acc_1',
      product: 'whatsapp',
      reportType: 'dlr',
      part: 1,
      status: 'sent',
    };
    it.each<[string, Partial<Event>]>([
      ['account', { accountId: 'acc_2' }],
      ['product', { product: 'sms' }],
      ['report type', { reportType: 'mo' }],
      ['message', { messageId: unique('another') }],
      ['part', { part: 2 }],
      ['part, since this one has none', { part: null }],
      ['status', { status: 'delivered' }],
      ['status, since this one has none', { status: null }],
    ])('is one that differs in its %s', async (_, difference) => {
      const messageId = unique('message');
      const results = await open().append([
        newEvent([], { ...base, messageId }),
        newEvent([], { ...base, messageId, ...difference }),
      ]);
      expect(results.map(({ result }) => result)).toEqual(['accepted', 'accepted']);
    });

    it("is one with another account's id", async () => {
      const id = unique('own');
      const results = await open().append([
        newEvent([], { accountId: 'acc_1' }, id),
        newEvent([], { accountId: 'acc_2' }, id),
      ]);
      expect(results.map(({ result }) => result)).toEqual(['accepted', 'accepted']);
    });

    it('is one with an id of its own beside one without, although all else is the same', async () => {
      const messageId = unique('message');
      const [named, unnamed, namedOtherwise] = await open().append([
        newEvent([], { messageId }, unique('own')),
        newEvent([], { messageId }),
        newEvent([], { messageId }, unique('own')),
      ]);
      expect([named?.result, unnamed?.result, namedOtherwise?.result]).toEqual(Array(3).fill('accepted'));
    });
  });
}
