import { describe, expect, it } from 'vitest';
import type { Event } from '../../../core/event.ts';
import { createManualClock } from '../../../testing/manual-clock.ts';
import type { DeliveryLog } from '../../ports/delivery-log.ts';
import type { OpenLogPlace } from '../open-store.ts';
import { newEvent, unique } from '../samples.ts';

const day = 24 * 3_600_000;

/** When two events are the same event. */
export function describeSameEvent(open: () => DeliveryLog, openAt: OpenLogPlace): void {
  describe('the same event twice', () => {
    it('is one event with the id that the caller gave, and says how many deliveries that one has', async () => {
      const [id, messageId] = [unique('own'), unique('message')];
      const [first] = await open().append([newEvent(['wh_1', 'wh_2'], { messageId }, id)]);
      const [second] = await open().append([newEvent(['wh_3'], { messageId, attributes: { a: 1 } }, id)]);
      expect(first).toEqual({ result: 'accepted', eventId: id, deliveries: 2 });
      expect(second).toEqual({ result: 'duplicate', eventId: id, deliveries: 2 });
    });

    it('is one event under an id although it is another report, and that is said', async () => {
      const id = unique('own');
      await open().append([newEvent(['wh_1'], { status: 'sent' }, id)]);
      const [second] = await open().append([newEvent(['wh_1'], { status: 'failed' }, id)]);
      expect(second).toEqual({ result: 'duplicate', eventId: id, deliveries: 1, differs: true });
    });

    it('is one event under the id too that the gateway made, which its account hands back', async () => {
      const parts = { messageId: unique('message'), status: 'sent' };
      const [first] = await open().append([newEvent(['wh_1'], parts)]);
      const id = first?.eventId ?? '';
      const again = await open().append([
        newEvent(['wh_1'], parts, id),
        newEvent(['wh_1'], { ...parts, status: 'failed' }, id),
        newEvent(['wh_1'], { ...parts, accountId: unique('other') }, id),
      ]);
      expect(again).toEqual([
        { result: 'duplicate', eventId: id, deliveries: 1 },
        { result: 'duplicate', eventId: id, deliveries: 1, differs: true },
        { result: 'accepted', eventId: id, deliveries: 1 },
      ]);
    });

    it('is one event without an id too, however its numbers and its status are spelled', async () => {
      const messageId = unique('message');
      const parts = { messageId, mobileNumber: '919812345678', status: 'delivered' };
      const [first] = await open().append([newEvent(['wh_1'], parts)]);
      const [second] = await open().append([
        newEvent(['wh_1'], { ...parts, mobileNumber: '+91 98123-45678', status: 'DELIVERED ' }),
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
      const messageId = unique('message');
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => open().append([newEvent(['wh_1'], { messageId }, id)])),
      );
      expect(answers.flat().map(({ result }) => result)).toEqual(['accepted', ...Array(4).fill('duplicate')]);
    });

    it('is a new one after 7 days, but not with an id of its own', async () => {
      const clock = createManualClock();
      const place = unique('place');
      let store = await openAt(place, clock);
      const report = () => newEvent([], { messageId: 'again' });
      const named = () => newEvent([], { messageId: 'again' }, 'mine');
      const [first] = await store.log.append([report(), named()]);
      clock.advance(7 * day - 1);
      expect(await store.log.append([report(), named()])).toMatchObject([
        { result: 'duplicate', eventId: first?.eventId },
        { result: 'duplicate', eventId: 'mine' },
      ]);
      await store.close();
      clock.advance(1);
      store = await openAt(place, clock);
      const [third, again] = await store.log.append([report(), report()]);
      expect(third).toMatchObject({ result: 'accepted' });
      expect(third?.eventId).not.toBe(first?.eventId);
      expect(again).toMatchObject({ result: 'duplicate', eventId: third?.eventId });
      clock.advance(400 * day);
      expect(await store.log.append([report(), named()])).toMatchObject([
        { result: 'accepted' },
        { result: 'duplicate', eventId: 'mine' },
      ]);
      await store.close();
    });

    it('is told by the times of acceptance where the clock was ahead', async () => {
      const clock = createManualClock();
      const store = await openAt(unique('place'), clock);
      const report = () => newEvent([], { messageId: 'again' });
      const [first] = await store.log.append([report()]);
      clock.set(30 * day);
      await store.log.append([newEvent([])]);
      clock.set(-30 * day);
      clock.advance(60_000);
      expect(await store.log.append([report()])).toMatchObject([
        { result: 'duplicate', eventId: first?.eventId },
      ]);
      await store.close();
    });

    it('is found although it went to no webhook', async () => {
      const id = unique('own');
      const messageId = unique('message');
      expect(await open().append([newEvent([], { messageId }, id)])).toEqual([
        { result: 'accepted', eventId: id, deliveries: 0 },
      ]);
      expect(await open().append([newEvent(['wh_1'], { messageId }, id)])).toEqual([
        { result: 'duplicate', eventId: id, deliveries: 0 },
      ]);
    });
  });

  describe('another event', () => {
    const base: Partial<Event> = {
      accountId: 'acc_1',
      product: 'whatsapp',
      reportType: 'dlr',
      productUniqueId: '919999999999',
      part: 1,
      status: 'sent',
    };
    it.each<[string, Partial<Event>]>([
      ['account', { accountId: 'acc_2' }],
      ['product', { product: 'sms' }],
      ['report type', { reportType: 'mo' }],
      ['message', { messageId: unique('another') }],
      ['Waba Number', { productUniqueId: '919999999998' }],
      ['recipient', { mobileNumber: '919812345679' }],
      ['recipient, who has only a user id', { mobileNumber: null, userId: 'IN.1349' }],
      ['user id', { userId: 'IN.1349' }],
      ['transaction', { transactionId: 'other' }],
      ['error code', { errorCode: '001' }],
      ['error code, which is text', { errorCode: '0' }],
      ['received time', { receivedTime: 1 }],
      ['sent time', { sentTime: 1 }],
      ['delivered time', { deliveredTime: 1 }],
      ['read time', { readTime: 1 }],
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
