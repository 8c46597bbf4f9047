import { describe, expect, it } from 'vitest';
import type { QueuedDelivery } from '../../../core/delivery.ts';
import type { Event } from '../../../core/event.ts';
import { appendTold, delivered, newEvent, record, retryAt, unique } from '../samples.ts';
import type { HistoryStore } from './history-store.ts';
import { viewOf } from './model.ts';

/** One delivery, one event. */
export function describeSingle(open: () => HistoryStore): void {
  async function store(
    webhookIds: readonly string[],
    parts: Partial<Event> = {},
    ownId: string | null = null,
  ) {
    const told: QueuedDelivery[] = [];
    open().log.onAccepted((deliveries) => told.push(...deliveries));
    const [result] = await appendTold(open().log, [newEvent(webhookIds, parts, ownId)]);
    return { told, id: result?.eventId ?? '' };
  }

  describe('a delivery', () => {
    it('is shown without attempts and with all of them', async () => {
      const { told } = await store([unique('wh')]);
      const [delivery] = told;
      if (!delivery) throw new Error('nothing told');
      expect(await open().history.getDelivery(delivery.id)).toEqual({
        ...viewOf(delivery, null),
        attemptLog: [],
      });
      await record(open().log, delivery, retryAt(5_000), { responseBody: 'busy' });
      await record(open().log, { ...delivery, attempts: 1 }, delivered, { startedAt: 5_001 });
      const found = await open().history.getDelivery(delivery.id);
      expect(found).toMatchObject({
        state: 'delivered',
        attempts: 2,
        finishedAt: 5_043,
        nextAttemptAt: null,
      });
      expect(found?.attemptLog.map(({ number, responseBody }) => [number, responseBody])).toEqual([
        [1, 'busy'],
        [2, null],
      ]);
    });

    it.each(['dlv_00000000001', 'evt_00000000001', 'dlv_', 'x'])(
      'that there is not (%s) is null',
      async (id) => {
        expect(await open().history.getDelivery(id)).toBeNull();
      },
    );
  });

  describe('an event', () => {
    it("is found by the gateway's id, with its deliveries in the order of its webhooks", async () => {
      const webhookIds = [unique('wh'), unique('wh'), unique('wh')];
      const { told, id } = await store(webhookIds);
      const found = await open().history.getEvent(id, null);
      expect(found).toEqual({
        event: told[0]?.event,
        acceptedAt: told[0]?.acceptedAt,
        deliveries: told.map((delivery) => viewOf(delivery, null)),
      });
      expect(found?.deliveries.map(({ webhookId }) => webhookId)).toEqual(webhookIds);
      expect(await open().history.getEvent(id, 'acc_1')).toEqual(found);
    });

    it("is found by the caller's own id, for the account and for an operator", async () => {
      const accountId = unique('acc');
      await open().directory.createAccount({ id: accountId, name: 'Asha', createdAt: 0 });
      const id = unique('own');
      await store(['wh_1'], { accountId }, id);
      expect(await open().history.getEvent(id, accountId)).toMatchObject({ event: { id, accountId } });
      expect(await open().history.getEvent(id, null)).toMatchObject({ event: { id, accountId } });
    });

    it('is not shown to another account', async () => {
      const byOwnId = unique('own');
      await store(['wh_1'], {}, byOwnId);
      const { id } = await store(['wh_1']);
      expect(await open().history.getEvent(byOwnId, 'acc_2')).toBeNull();
      expect(await open().history.getEvent(id, 'acc_2')).toBeNull();
    });

    it('is each account’s own where two use the same id', async () => {
      const id = unique('own');
      const one = await store(['wh_1'], { accountId: 'acc_1' }, id);
      const two = await store(['wh_2'], { accountId: 'acc_2' }, id);
      for (const [accountId, { told }] of [
        ['acc_1', one],
        ['acc_2', two],
      ] as const) {
        expect((await open().history.getEvent(id, accountId))?.event).toEqual(told[0]?.event);
      }
    });

    it.each(['evt_00000000001', 'dlv_00000000001', 'no-such-id', ''])(
      'that there is not (%s) is null',
      async (id) => {
        expect(await open().history.getEvent(id, null)).toBeNull();
        expect(await open().history.getEvent(id, 'acc_1')).toBeNull();
      },
    );

    it('has nothing behind the number that its own kind of id would have', async () => {
      const id = unique('own');
      const { told } = await store(['wh_1'], {}, id);
      const before = told[0]?.id ?? '';
      // The event's number is the one before its first delivery's.
      const digits = '0123456789abcdefghjkmnpqrstvwxyz';
      const last = digits.indexOf(before.at(-1) ?? '');
      const guessed = `evt_${before.slice(4, -1)}${digits.charAt(last - 1)}`;
      expect(last).toBeGreaterThan(0);
      expect(await open().history.getEvent(guessed, 'acc_1')).toBeNull();
    });
  });
}
