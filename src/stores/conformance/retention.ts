import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { QueuedDelivery } from '../../core/delivery.ts';
import type { KeepTimes } from '../../core/keeping.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import { nothingHeld } from '../ports/delivery-log.ts';
import type { CutPiece, Keeps } from '../ports/retention.ts';
import type { OpenPlace, OpenStore } from './open-store.ts';
import { appendTold, delivered, failed, newEvent, record, retryAt, unique } from './samples.ts';

const day = 24 * 3_600_000;
const minute = 60_000;
const forEver: KeepTimes = { payloadMs: null, logMs: null };
const page = { limit: 100, cursor: null };
const number = '919812345678';

/** Works until there is no more to do; gives what was done in all, and what was told of as overdue. */
export async function cutAll(
  { retention }: Pick<OpenStore, 'retention'>,
  now: number,
  mostMs = 1_000,
): Promise<Pick<CutPiece, 'cut' | 'dropped' | 'progress'> & { overdue: string[]; pieces: number }> {
  const overdue: string[] = [];
  for (let [cut, dropped, pieces] = [0, 0, 1]; ; pieces++) {
    const piece = await retention.cut({ now, mostMs });
    cut += piece.cut;
    dropped += piece.dropped;
    for (const { deliveryIds } of piece.overdue) overdue.push(...deliveryIds);
    if (piece.isDone) return { cut, dropped, overdue, pieces, progress: piece.progress };
  }
}

/** How every store ends what is kept for too long. */
export function retentionConformance(name: string, open: OpenPlace): void {
  describe(`${name}: retention`, () => {
    const clock = createManualClock();
    const own = new Map<string, KeepTimes>();
    let store: OpenStore;
    beforeAll(async () => {
      store = await open('retention', clock);
    });
    afterAll(() => store.close());
    afterEach(async () => {
      for (const accountId of own.keys()) own.set(accountId, forEver);
      await store.retention.keep({ ofAll: forEver, own: new Map(own) });
    });

    async function keep(accountId: string, times: KeepTimes): Promise<void> {
      own.set(accountId, times);
      await store.retention.keep({ ofAll: forEver, own: new Map(own) });
    }

    /** An event of an account, for a webhook of its own. */
    async function accept(accountId: string, parts: Parameters<typeof newEvent>[1] = {}, ownId?: string) {
      return acceptIn(store, accountId, parts, ownId);
    }

    const cut = (mostMs?: number) => cutAll(store, clock.now(), mostMs);
    const eventOf = async (id: string) => (await store.history.getEvent(id, null))?.event;

    describe('contents that are older than they are kept', () => {
      it('go, and the log of what became of them stays', async () => {
        const accountId = unique('acc');
        await keep(accountId, { payloadMs: day, logMs: null });
        const { id, delivery } = await accept(accountId, {
          ...{ profileName: 'Asha', mobileNumber: number, attributes: { a: 1 }, message: { text: 'hi' } },
        });
        const answer = { responseBody: `got ${number}`, errorDetail: 'says nothing good' };
        await record(store.log, delivery, retryAt(clock.now() + 5), { ...answer, statusCode: 503 });
        await record(store.log, { ...delivery, attempts: 1 }, failed, { ...answer, statusCode: 404 });
        const before = await store.history.getDelivery(delivery.id);
        clock.advance(day + 1);
        expect(await cut()).toMatchObject({ cut: 1, dropped: 0, overdue: [] });
        const after = await store.history.getDelivery(delivery.id);
        expect(after).toMatchObject({
          event: {
            ...{ id, messageId: delivery.event.messageId, status: delivery.event.status },
            ...{ mobileNumber: null, profileName: null, attributes: null, message: null },
            cut: { contents: 'cut', mobileNumber: { last4: '5678' } },
          },
          attemptLog: [
            { number: 1, statusCode: 503, responseBody: null, errorDetail: null },
            { number: 2, statusCode: 404, responseBody: null, errorDetail: null },
          ],
        });
        const { event: _before, attemptLog: _attempts, ...kept } = before ?? {};
        expect(after).toMatchObject(kept);
        expect((await eventOf(id))?.cut).toEqual(after?.event.cut);
      });

      it('are still found by ids, by the whole number, and by its last four digits', async () => {
        const accountId = unique('acc');
        await keep(accountId, { payloadMs: day, logMs: null });
        const { id, delivery } = await accept(accountId, { mobileNumber: '918877665544' });
        await accept(accountId, { mobileNumber: '917777775544' });
        await record(store.log, delivery, delivered);
        clock.advance(2 * day);
        await cut();
        const events = async (filter: object) =>
          (await store.history.findEvents({ accountId, ...filter }, page)).data.map(({ event }) => event.id);
        const deliveries = async (filter: object) =>
          (await store.history.listDeliveries({ accountId, ...filter }, page)).data.map((each) => each.id);
        expect(await events({ messageId: delivery.event.messageId })).toEqual([id]);
        expect(await events({ mobileNumber: '+91 88776 65544' })).toEqual([id]);
        expect(await events({ mobileNumber: '5544' })).toHaveLength(2);
        expect(await events({ mobileNumber: '65544' })).toEqual([]);
        expect(await deliveries({ mobileNumber: '918877665544' })).toEqual([delivery.id]);
        expect(await deliveries({ mobileNumber: '+5544' })).toEqual([]);
      });

      it('go a piece at a time, whatever a piece takes, of an event for many webhooks too', async () => {
        const accountId = unique('acc');
        await keep(accountId, { payloadMs: day, logMs: 3 * day });
        const webhookIds = Array.from({ length: 350 }, () => unique('wh'));
        const told = await acceptFor(store, accountId, webhookIds);
        await Promise.all(told.map((each) => record(store.log, each, delivered, { responseBody: 'OK' })));
        for (let i = 0; i < 3; i++) {
          const { delivery } = await accept(accountId);
          await record(store.log, delivery, delivered);
        }
        clock.advance(2 * day);
        const payload = await cut(0);
        expect(payload.cut).toBe(4);
        expect(payload.pieces).toBeGreaterThan(6);
        const shown = await Promise.all(told.map(({ id }) => store.history.getDelivery(id)));
        expect(new Set(shown.map((each) => each?.attemptLog[0]?.responseBody))).toEqual(new Set([null]));
        clock.advance(2 * day);
        expect(await cut(0)).toMatchObject({ cut: 0, dropped: 4 });
        expect(await eventOf(told[0]?.event.id ?? '')).toBeUndefined();
        expect(await cut(0)).toMatchObject({ cut: 0, dropped: 0, pieces: 1 });
      });

      it('that are not old enough stay, to the last millisecond', async () => {
        const accountId = unique('acc');
        await keep(accountId, { payloadMs: day, logMs: null });
        const { id, delivery } = await accept(accountId, { message: { text: 'hi' } });
        await record(store.log, delivery, delivered);
        clock.advance(day - 1);
        expect(await cut()).toMatchObject({ cut: 0 });
        expect((await eventOf(id))?.message).toBe('{"text":"hi"}');
        clock.advance(1);
        expect(await cut()).toMatchObject({ cut: 1 });
      });
    });

    describe('what is older than the log keeps it', () => {
      it('is gone, with deliveries and attempts, and nothing finds it', async () => {
        const accountId = unique('acc');
        await keep(accountId, { payloadMs: null, logMs: day });
        const { id, delivery } = await accept(accountId, { mobileNumber: '919000000001' });
        await record(store.log, delivery, failed, { responseBody: 'no' });
        const young = await accept(accountId);
        clock.advance(day / 2);
        const later = await accept(accountId);
        await record(store.log, young.delivery, delivered);
        clock.advance(day / 2);
        expect(await cut()).toMatchObject({ cut: 0, dropped: 2 });
        expect(await eventOf(id)).toBeUndefined();
        expect(await store.history.getDelivery(delivery.id)).toBeNull();
        const filters = [{}, { state: 'failed' as const }, { webhookId: delivery.webhookId }];
        for (const filter of [...filters, { mobileNumber: '919000000001' }, { statusCode: 500 }]) {
          const { data } = await store.history.listDeliveries({ accountId, ...filter }, page);
          expect(data.filter((each) => each.id !== later.delivery.id)).toEqual([]);
        }
        const { messageId } = delivery.event;
        expect((await store.history.findEvents({ accountId, messageId }, page)).data).toEqual([]);
        expect(await store.history.statesOf([delivery.id])).toEqual([]);
      });
    });

    describe('a delivery that waits', () => {
      it.each([
        ['payload', { payloadMs: day, logMs: null }],
        ['log', { payloadMs: null, logMs: day }],
      ] as const)('holds up the clock of the %s and is told of, until it has ended', async (which, times) => {
        const accountId = unique('acc');
        await keep(accountId, times);
        const never = await accept(accountId, { message: { text: 'hi' } });
        const tried = await accept(accountId);
        await record(store.log, tried.delivery, retryAt(clock.now() + 90 * day));
        clock.advance(2 * day);
        const waiting = [never.delivery.id, tried.delivery.id];
        const first = await cut();
        expect(first).toMatchObject({ cut: 0, dropped: 0, overdue: waiting });
        expect(first.progress[which]).toMatchObject({ behindMs: 0, left: 2 });
        const pending = await store.log.loadPending(never.delivery.webhookId, nothingHeld, 10);
        expect(pending.map(({ event }) => event.message)).toEqual(['{"text":"hi"}']);
        expect(await cut()).toMatchObject({ overdue: [] });
        clock.advance(minute);
        expect(await cut()).toMatchObject({ overdue: waiting });
        for (const { delivery } of [never, tried]) {
          await new Promise<void>((resolve) => {
            const after = { state: 'failed', reason: 'expired' } as const;
            const { id: deliveryId, webhookId } = delivery;
            store.log.conclude({ deliveryId, webhookId, at: clock.now(), after, ordered: false }, resolve);
          });
        }
        clock.advance(minute);
        const last = await cut();
        expect(last).toMatchObject(which === 'payload' ? { cut: 2, dropped: 0 } : { cut: 0, dropped: 2 });
        expect(last.progress[which].left).toBe(0);
      });

      it('behind another one of its message does so too', async () => {
        const accountId = unique('acc');
        await keep(accountId, { payloadMs: day, logMs: null });
        const webhookId = unique('wh');
        const messageId = unique('message');
        const entry = { ...newEvent([webhookId], { accountId, messageId, status: 'sent' }) };
        const second = newEvent([webhookId], { accountId, messageId, status: 'delivered' });
        const told: QueuedDelivery[] = [];
        store.log.onAccepted((deliveries) => told.push(...deliveries));
        await appendTold(store.log, [
          { ...entry, orderedWebhookIds: [webhookId] },
          { ...second, orderedWebhookIds: [webhookId] },
        ]);
        clock.advance(2 * day);
        expect((await cut()).overdue).toHaveLength(2);
      });

      it('again because somebody asked for it holds it up as well; what is cut is not sent again', async () => {
        const accountId = unique('acc');
        await keep(accountId, { payloadMs: day, logMs: null });
        const { delivery } = await accept(accountId);
        await record(store.log, delivery, delivered);
        clock.advance(2 * day);
        const again = () =>
          store.log.requeueMany({
            ...{ webhookId: delivery.webhookId, deliveryIds: [delivery.id], states: ['delivered'] },
            ...{ ordered: false, now: clock.now() },
          });
        expect(await again()).toHaveLength(1);
        expect(await cut()).toMatchObject({ cut: 0, overdue: [delivery.id] });
        await record(store.log, { ...delivery, attempts: 1 }, delivered);
        clock.advance(minute);
        expect(await cut()).toMatchObject({ cut: 1 });
        expect(await again()).toEqual([]);
        expect(await store.history.getDelivery(delivery.id)).toMatchObject({
          state: 'delivered',
          attempts: 2,
        });
      });
    });

    describe('accounts with different clocks', () => {
      it('keep each what it has for as long as it says, mixed as they came', async () => {
        const [short, long, ever] = [unique('acc'), unique('acc'), unique('acc')];
        await keep(short, { payloadMs: day, logMs: 2 * day });
        await keep(long, { payloadMs: 3 * day, logMs: 30 * day });
        const ids: Record<string, string> = {};
        for (const accountId of [short, long, ever]) {
          const { id, delivery } = await accept(accountId);
          await record(store.log, delivery, delivered);
          ids[accountId] = id;
        }
        const states = async () =>
          Promise.all(
            [short, long, ever].map(async (accountId) => {
              const event = await eventOf(ids[accountId] ?? '');
              return event ? (event.cut?.contents ?? 'kept') : 'gone';
            }),
          );
        clock.advance(1.5 * day);
        await cut();
        expect(await states()).toEqual(['cut', 'kept', 'kept']);
        clock.advance(day);
        await cut();
        expect(await states()).toEqual(['gone', 'kept', 'kept']);
        clock.advance(day);
        await cut();
        expect(await states()).toEqual(['gone', 'cut', 'kept']);
        clock.advance(300 * day);
        await cut();
        expect(await states()).toEqual(['gone', 'gone', 'kept']);
      });

      it('that are given another one have all by it, what came before too', async () => {
        const [one, other] = [unique('acc'), unique('acc')];
        await keep(one, { payloadMs: day, logMs: null });
        await keep(other, { payloadMs: 10 * day, logMs: null });
        const first = await accept(other);
        await record(store.log, first.delivery, delivered);
        clock.advance(2 * day);
        const passing = await accept(one);
        await record(store.log, passing.delivery, delivered);
        clock.advance(2 * day);
        // The cursor of one day is behind that event by now.
        expect(await cut()).toMatchObject({ cut: 1 });
        expect((await eventOf(first.id))?.cut).toBeUndefined();
        await keep(other, { payloadMs: day, logMs: null });
        expect(await cut()).toMatchObject({ cut: 1 });
        expect((await eventOf(first.id))?.cut).toBeDefined();
        await keep(other, { payloadMs: 10 * day, logMs: null });
        const second = await accept(other);
        await record(store.log, second.delivery, delivered);
        clock.advance(5 * day);
        await cut();
        expect((await eventOf(second.id))?.cut).toBeUndefined();
        clock.advance(6 * day);
        await cut();
        expect((await eventOf(second.id))?.cut).toBeDefined();
      });
    });

    describe('an event that comes again', () => {
      it('is found to be a duplicate although its contents were cut', async () => {
        const accountId = unique('acc');
        await keep(accountId, { payloadMs: day, logMs: null });
        const entry = newEvent([unique('wh')], { accountId });
        const [stored] = await appendTold(store.log, [{ ...entry, webhookIds: [] }]);
        clock.advance(2 * day);
        expect((await cut()).cut).toBeGreaterThan(0);
        const [same, other] = await appendTold(store.log, [
          { ...entry, webhookIds: [] },
          { ...entry, webhookIds: [], event: { ...entry.event, errorCode: '999' } },
        ]);
        expect(same).toMatchObject({ result: 'duplicate', eventId: stored?.eventId });
        expect(other?.result).toBe('accepted');
        clock.advance(5 * day);
        const [late] = await appendTold(store.log, [{ ...entry, webhookIds: [] }]);
        expect(late?.result).toBe('accepted');
      });

      it('under its own id is one for as long as the log has it, and told where it differs', async () => {
        const accountId = unique('acc');
        await keep(accountId, { payloadMs: day, logMs: 30 * day });
        const ownId = unique('own');
        const entry = newEvent([], { accountId }, ownId);
        await appendTold(store.log, [entry]);
        clock.advance(20 * day);
        await cut();
        const changed = { ...entry, event: { ...entry.event, mobileNumber: '918000000000' } };
        const [same, differs] = await appendTold(store.log, [entry, changed]);
        expect(same).toEqual({ result: 'duplicate', eventId: ownId, deliveries: 0 });
        expect(differs).toEqual({ result: 'duplicate', eventId: ownId, deliveries: 0, differs: true });
        clock.advance(20 * day);
        await cut();
        const [again] = await appendTold(store.log, [entry]);
        expect(again?.result).toBe('accepted');
      });
    });

    it('goes on where it was when the store is opened again', async () => {
      const place = unique('place');
      const there = createManualClock();
      const keeps: Keeps = { ofAll: { payloadMs: day, logMs: 5 * day }, own: new Map() };
      let opened = await open(place, there);
      await opened.retention.keep(keeps);
      const ids: string[] = [];
      for (let i = 0; i < 5; i++) {
        const { id, delivery } = await acceptIn(opened, 'acc_1');
        await record(opened.log, delivery, delivered);
        ids.push(id);
      }
      there.advance(2 * day);
      const piece = await opened.retention.cut({ now: there.now(), mostMs: 0 });
      expect(piece).toMatchObject({ cut: 1, isDone: false });
      expect(piece.progress.payload.behindMs).toBeGreaterThan(0);
      await opened.close();
      opened = await open(place, there);
      await opened.retention.keep(keeps);
      expect(await cutAll(opened, there.now())).toMatchObject({ cut: 4 });
      for (const id of ids) expect((await opened.history.getEvent(id, null))?.event.cut).toBeDefined();
      await opened.close();
    });

    it('counts from when an event was accepted, also where the clock was ahead then', async () => {
      const there = createManualClock();
      const opened = await open(unique('place'), there);
      await opened.retention.keep({ ofAll: { payloadMs: day, logMs: null }, own: new Map() });
      const accepted = async (): Promise<string> => {
        const { id, delivery } = await acceptIn(opened, 'acc_1');
        await record(opened.log, delivery, delivered);
        return id;
      };
      const isCut = async (id: string): Promise<boolean> =>
        (await opened.history.getEvent(id, null))?.event.cut !== undefined;
      there.set(30 * day);
      const ahead = await accepted();
      there.set(-30 * day);
      // Its number is behind that one's.
      const now = await accepted();
      there.advance(2 * day);
      await cutAll(opened, there.now());
      expect([await isCut(ahead), await isCut(now)]).toEqual([false, true]);
      there.advance(30 * day);
      await cutAll(opened, there.now());
      expect(await isCut(ahead)).toBe(true);
      await opened.close();
    });
  });
}

async function acceptIn(
  store: OpenStore,
  accountId: string,
  parts: Parameters<typeof newEvent>[1] = {},
  ownId: string | null = null,
): Promise<{ id: string; delivery: QueuedDelivery }> {
  const told = await acceptEntry(store, newEvent([unique('wh')], { accountId, ...parts }, ownId));
  const [delivery] = told;
  if (!delivery) throw new Error('nothing told');
  return { id: delivery.event.id, delivery };
}

function acceptFor(store: OpenStore, accountId: string, webhookIds: readonly string[]) {
  return acceptEntry(store, newEvent(webhookIds, { accountId }));
}

async function acceptEntry(
  store: OpenStore,
  entry: ReturnType<typeof newEvent>,
): Promise<readonly QueuedDelivery[]> {
  const told: QueuedDelivery[] = [];
  const wanted = new Set(entry.webhookIds);
  store.log.onAccepted((deliveries) => told.push(...deliveries.filter((each) => wanted.has(each.webhookId))));
  await appendTold(store.log, [entry]);
  return told;
}
