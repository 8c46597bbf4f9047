import { describe, expect, it } from 'vitest';
import type { QueuedDelivery } from '../../../core/delivery.ts';
import type { Event, EventHead } from '../../../core/event.ts';
import type { EventFilter } from '../../ports/history.ts';
import { appendTold, delivered, newEvent, record, retryAt, unique } from '../samples.ts';
import type { HistoryStore } from './history-store.ts';

const none = { pending: 0, retrying: 0, delivered: 0, failed: 0, skipped: 0 };

/** Events by the ids of their messages. */
export function describeEvents(open: () => HistoryStore): void {
  /** Stores events that differ in these parts, in their order; gives their ids. */
  async function store(webhookIds: readonly string[], ...events: Partial<Event>[]): Promise<string[]> {
    const ids: string[] = [];
    for (const parts of events) {
      // Without an id of its own a repeated message id would be the same event.
      const [result] = await appendTold(open().log, [newEvent(webhookIds, parts, unique('own'))]);
      ids.push(result?.eventId ?? '');
    }
    return ids;
  }

  const find = async (filter: Omit<EventFilter, 'accountId'>, accountId: string | null = 'acc_1') =>
    (await open().history.findEvents({ accountId, ...filter }, { limit: 100, cursor: null })).data;
  const idsOf = (found: readonly { event: EventHead }[]) => found.map(({ event }) => event.id);

  describe('events', () => {
    it('are found by message id, transaction id and number, newest first, also those that went nowhere', async () => {
      const messageId = unique('m');
      const transactionId = unique('t');
      const [one, two] = await store(
        [],
        { messageId, transactionId, mobileNumber: '+91 9700-000001' },
        { messageId },
      );
      expect(idsOf(await find({ messageId }))).toEqual([two, one]);
      expect(await find({ transactionId })).toMatchObject([
        { event: { id: one, messageId, transactionId }, deliveries: none },
      ]);
      for (const asked of ['919700000001', '+91 9700 000001', '0001', '9700-000001', '09700000001']) {
        expect(idsOf(await find({ mobileNumber: asked })), asked).toEqual([one]);
      }
      for (const asked of ['001', '+0001', '1001', '919700000002']) {
        expect(await find({ mobileNumber: asked }), asked).toEqual([]);
      }
      expect(await find({ messageId: unique('m') })).toEqual([]);
    });

    it('are found by a whole number in each of its writings, and not by that of somebody who ends alike', async () => {
      const numbers = ['5215597000017', '525597000017', '15597000017'];
      const [old, now, other] = await store([], ...numbers.map((mobileNumber) => ({ mobileNumber })));
      for (const asked of ['5215597000017', '+52 55 9700 0017', '00525597000017'])
        expect(idsOf(await find({ mobileNumber: asked })), asked).toEqual([now, old]);
      expect(idsOf(await find({ mobileNumber: '+15597000017' }))).toEqual([other]);
    });

    it('must have all ids that are asked for', async () => {
      const messageId = unique('m');
      const [one] = await store([], { messageId, transactionId: 't1' }, { messageId, transactionId: 't2' });
      expect(idsOf(await find({ messageId, transactionId: 't1' }))).toEqual([one]);
      expect(await find({ messageId, mobileNumber: '1' })).toEqual([]);
    });

    it('come with how many of their deliveries are where', async () => {
      const told: QueuedDelivery[] = [];
      open().log.onAccepted((deliveries) => told.push(...deliveries));
      const messageId = unique('m');
      await store([unique('wh'), unique('wh'), unique('wh')], { messageId });
      const [first, second] = told;
      if (!first || !second) throw new Error('nothing told');
      await record(open().log, first, delivered);
      await record(open().log, second, retryAt(5_000));
      expect(await find({ messageId })).toMatchObject([
        { deliveries: { ...none, delivered: 1, retrying: 1, pending: 1 }, acceptedAt: first.acceptedAt },
      ]);
    });

    it('are those of the account; an operator finds them all', async () => {
      const messageId = unique('m');
      const [mine, theirs] = await store([], { messageId }, { messageId, accountId: 'acc_2' });
      expect(idsOf(await find({ messageId }))).toEqual([mine]);
      expect(idsOf(await find({ messageId }, 'acc_2'))).toEqual([theirs]);
      expect(idsOf(await find({ messageId }, null))).toEqual([theirs, mine]);
    });

    it('come page by page, without gap or repeat, and refuse a cursor of another list', async () => {
      const messageId = unique('m');
      const ids = await store([], ...Array.from({ length: 5 }, () => ({ messageId })));
      const pages: string[][] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<HistoryStore['history']['findEvents']>> =
          await open().history.findEvents({ accountId: 'acc_1', messageId }, { limit: 2, cursor });
        pages.push(idsOf(page.data));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(pages).toEqual([[ids[4], ids[3]], [ids[2], ids[1]], [ids[0]]]);
      const refused = open().history.findEvents(
        { accountId: null, messageId },
        { limit: 2, cursor: 'dlv_1' },
      );
      await expect(refused).rejects.toMatchObject({ code: 'invalid_request' });
    });
  });
}
