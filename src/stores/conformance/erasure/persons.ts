import { describe, expect, it } from 'vitest';
import type { EventParts } from '../../../testing/factories.ts';
import type { ManualClock } from '../../../testing/manual-clock.ts';
import type { DeliveryFilter } from '../../ports/history.ts';
import type { OpenStore } from '../open-store.ts';
import { appendTold, delivered, failed, newEvent, record, retryAt, unique } from '../samples.ts';
import {
  accept,
  acceptOne,
  cutContents,
  endedOne,
  erase,
  eraseEvents,
  eraseThese,
  erasure,
  findAll,
  lookMs,
  shownEvent,
  uniqueNumber,
} from './samples.ts';

const page = { limit: 100, cursor: null };
const words = { text: { body: 'hi' } };

/** What becomes of events in which somebody is who is to be forgotten. */
export function describePersons(open: () => OpenStore, clock: ManualClock): void {
  const shown = (id: string) => shownEvent(open(), id);
  const base64 = (text: string) => Buffer.from(text).toString('base64');

  const ended = (...given: [accountId: string, parts: EventParts, ownId?: string]) =>
    endedOne(open(), ...given);

  describe('an event about somebody who is erased', () => {
    it.each([
      ['the number', (number: string) => number],
      ['the number as people write it', (n: string) => `+${n.slice(0, 2)} (${n.slice(2, 7)}) ${n.slice(7)}`],
      ['the number as it is dialled abroad', (number: string) => `00${number}`],
    ])(
      'keeps kind, status and times, its deliveries and attempts, and loses the rest: by %s',
      async (_, written) => {
        const mobileNumber = uniqueNumber();
        const { id, delivery } = await acceptOne(open(), unique('acc'), {
          ...{ mobileNumber, userId: 'IN.1', profileName: 'Asha', attributes: { a: mobileNumber } },
          ...{ message: words, status: 'delivered', errorCode: '000', receivedTime: 5, transactionId: 't' },
        });
        const answer = { responseBody: `got ${mobileNumber}`, errorDetail: `no ${mobileNumber}` };
        await record(open().log, delivery, retryAt(clock.now()), answer);
        await record(open().log, { ...delivery, attempts: 1 }, failed, answer);
        const before = await open().history.getDelivery(delivery.id);
        const counts = await erase(open(), erasure({ mobileNumber: written(mobileNumber) }));
        expect(counts).toEqual({ events: 1, deliveries: 1, attempts: 2 });
        const after = await open().history.getDelivery(delivery.id);
        const { event: kept, attemptLog, ...same } = before ?? { attemptLog: [] };
        expect(after).toMatchObject(same);
        expect(after?.event).toEqual({
          ...kept,
          ...{ messageId: '', transactionId: null, productUniqueId: null, profileName: null },
          ...{ mobileNumber: null, userId: null, attributes: null, message: null },
          cut: { contents: 'erased', mobileNumber: null, identity: null },
        });
        expect(after?.attemptLog).toEqual(
          attemptLog.map((attempt) => ({ ...attempt, responseBody: null, errorDetail: null })),
        );
        expect(await shown(id)).toEqual(after?.event);
      },
    );

    it.each([
      ['its recipient, in another spelling', (n: string) => ({ mobileNumber: `+${n}` })],
      ['its recipient, as at home', (n: string) => ({ mobileNumber: `0${n.slice(2)}` })],
      ['the sender of its message', (n: string) => ({ mobileNumber: null, message: { from: n } })],
      ['an id that holds the number', (n: string) => ({ mobileNumber: null, messageId: `m-${n}-1` })],
      [
        'an id that encodes it',
        (n: string) => ({ mobileNumber: null, messageId: `wamid.${base64(`\x0c${n}`)}` }),
      ],
      ['a transaction id', (n: string) => ({ mobileNumber: null, transactionId: `${n}/7` })],
      ['a user id', (n: string) => ({ mobileNumber: null, userId: `IN.${n}` })],
    ])('is told by %s', async (_how, parts) => {
      const mobileNumber = uniqueNumber();
      const { id } = await ended(unique('acc'), parts(mobileNumber));
      expect(await erase(open(), erasure({ mobileNumber }))).toMatchObject({ events: 1 });
      expect(await shown(id)).toMatchObject({ messageId: '', cut: { contents: 'erased' } });
    });

    it.each(['userId', 'messageId'] as const)('is told by its %s, which nobody else’s is', async (name) => {
      const [theirs, others] = [unique('US.1349120865530'), unique('US.1349120865531')];
      const one = await ended(unique('acc'), { [name]: theirs });
      const other = await ended(unique('acc'), { [name]: others });
      expect(await erase(open(), erasure({ [name]: theirs } as never))).toMatchObject({ events: 1 });
      expect(await shown(one.id)).toMatchObject({ messageId: '', userId: null });
      expect(await shown(other.id)).toMatchObject({ [name]: others });
    });

    it('says nothing more in its status and error code of who it was', async () => {
      const mobileNumber = uniqueNumber();
      const parts = { mobileNumber, status: `for ${mobileNumber}`, errorCode: `no ${mobileNumber}` };
      const { id } = await ended(unique('acc'), parts);
      await erase(open(), erasure({ mobileNumber }));
      const { status, errorCode } = (await shown(id)) ?? {};
      expect(status).toMatch(/^for •+$/);
      expect(errorCode).toMatch(/^no •+$/);
    });

    it('is found by nothing any more, but listed with its account’s', async () => {
      const [accountId, mobileNumber] = [unique('acc'), uniqueNumber()];
      const ids = { messageId: unique('message'), transactionId: unique('transaction') };
      const { delivery } = await ended(accountId, { mobileNumber, ...ids });
      await erase(open(), erasure({ mobileNumber }));
      const { history } = open();
      for (const by of [
        ...[{ mobileNumber }, { mobileNumber: mobileNumber.slice(-4) }],
        ...[{ messageId: ids.messageId }, { transactionId: ids.transactionId }],
      ]) {
        const filter: DeliveryFilter = { accountId, ...by };
        expect((await history.listDeliveries(filter, page)).data, JSON.stringify(by)).toEqual([]);
        expect((await history.listDeliveryIds(filter, page)).data).toEqual([]);
        expect((await history.findEvents({ accountId, ...by }, page)).data).toEqual([]);
      }
      const { data } = await history.listDeliveries({ accountId }, page);
      expect(data).toMatchObject([{ id: delivery.id, state: 'delivered', event: { mobileNumber: null } }]);
      expect(await history.statesOf([delivery.id])).toEqual([{ id: delivery.id, state: 'delivered' }]);
    });

    it('is not sent again', async () => {
      const mobileNumber = uniqueNumber();
      const { delivery } = await ended(unique('acc'), { mobileNumber });
      await erase(open(), erasure({ mobileNumber }));
      const again = await open().log.requeueMany({
        ...{ webhookId: delivery.webhookId, deliveryIds: [delivery.id], states: ['delivered', 'failed'] },
        ...{ ordered: false, now: clock.now() },
      });
      expect(again).toEqual([]);
    });

    it('was cut before, and is told by the number all the same', async () => {
      const [accountId, mobileNumber] = [unique('acc'), uniqueNumber()];
      const { id } = await ended(accountId, { mobileNumber });
      await cutContents(open(), clock, accountId);
      expect((await shown(id))?.cut?.mobileNumber?.last4).toBe(mobileNumber.slice(-4));
      expect(await erase(open(), erasure({ mobileNumber }))).toMatchObject({ events: 1 });
      expect((await shown(id))?.cut).toEqual({ contents: 'erased', mobileNumber: null, identity: null });
      expect((await open().history.findEvents({ accountId, mobileNumber }, page)).data).toEqual([]);
    });
  });

  describe('an event about somebody else', () => {
    it('has bullets where they were named, and the rest as it came', async () => {
      const [theirs, other, accountId] = [uniqueNumber(), uniqueNumber(), unique('acc')];
      const message = `{"text": {"body":"call ${theirs} or 12.50"}, "n": 30.00, "${theirs}": [${theirs}]}`;
      const { id, delivery } = await ended(accountId, { mobileNumber: other, message });
      expect(await erase(open(), erasure({ mobileNumber: theirs }))).toEqual({ mentions: 1 });
      const bullets = '•'.repeat(12);
      expect(await shown(id)).toEqual({
        ...delivery.event,
        message: `{"text": {"body":"call ${bullets} or 12.50"}, "n": 30.00, "${bullets}": ["${bullets}"]}`,
      });
      for (const by of [{ mobileNumber: other }, { messageId: delivery.event.messageId }])
        expect((await open().history.findEvents({ accountId, ...by }, page)).data).toHaveLength(1);
    });

    it('loses them from what its endpoint answered', async () => {
      const [theirs, other] = [uniqueNumber(), uniqueNumber()];
      const { id, delivery } = await acceptOne(open(), unique('acc'), { mobileNumber: other });
      await record(open().log, delivery, retryAt(1), { responseBody: 'busy', errorDetail: `not ${theirs}` });
      await record(open().log, { ...delivery, attempts: 1 }, failed, { responseBody: `no ${theirs}!` });
      expect(await erase(open(), erasure({ mobileNumber: theirs }))).toEqual({ answers: 2 });
      const attempts = (await open().history.getDelivery(delivery.id))?.attemptLog ?? [];
      expect(attempts.map(({ responseBody, errorDetail }) => [responseBody, errorDetail])).toEqual([
        ['busy', `not ${'•'.repeat(12)}`],
        [`no ${'•'.repeat(12)}!`, null],
      ]);
      expect(await shown(id)).toEqual(delivery.event);
    });

    it('whose number ends alike stays as it is, and so does one with such a time', async () => {
      const [theirs, accountId] = [uniqueNumber(), unique('acc')];
      const twin = `9197${theirs.slice(-8)}`;
      const receivedTime = Number(`17${theirs.slice(-8)}000`);
      const attributes = { to: twin, at: receivedTime };
      const stay = [
        await ended(accountId, { mobileNumber: twin, attributes, message: { from: twin } }),
        await ended(accountId, { mobileNumber: twin, messageId: `wamid.${base64(`\x0c${twin}`)}` }),
        await ended(accountId, { mobileNumber: uniqueNumber(), receivedTime, attributes }),
      ];
      expect(await erase(open(), erasure({ mobileNumber: theirs }))).toEqual({});
      for (const { id, delivery } of stay) {
        expect(await shown(id)).toEqual(delivery.event);
        expect((await open().history.getDelivery(delivery.id))?.attemptLog[0]?.responseBody).toBe('OK');
      }
    });
  });

  describe('an erasure', () => {
    it('within an account leaves the others, and one over all takes them too', async () => {
      const [mine, theirs, mobileNumber] = [unique('acc'), unique('acc'), uniqueNumber()];
      const [own, foreign] = [await ended(mine, { mobileNumber }), await ended(theirs, { mobileNumber })];
      const within = erasure({ mobileNumber }, { accountId: mine });
      expect(await erase(open(), within)).toMatchObject({ events: 1 });
      expect(await eraseThese(open(), within, await findAll(open(), erasure({ mobileNumber })))).toEqual([]);
      expect(await shown(own.id)).toMatchObject({ cut: { contents: 'erased' } });
      expect(await shown(foreign.id)).toEqual(foreign.delivery.event);
      expect(await erase(open(), erasure({ mobileNumber }))).toMatchObject({ events: 1 });
      expect(await shown(foreign.id)).toMatchObject({ cut: { contents: 'erased' } });
    });

    it('finds some at a time, each once and in order, from where it is told to where it is told', async () => {
      const [accountId, mobileNumber] = [unique('acc'), uniqueNumber()];
      const entries = Array.from({ length: 450 }, (_, i) =>
        newEvent([], { accountId, mobileNumber: i % 3 === 2 ? uniqueNumber() : mobileNumber }),
      );
      const before = (await open().erasures.storedSpan()).last;
      await appendTold(open().log, entries);
      const { first, last } = await open().erasures.storedSpan();
      expect([first > 0, first <= before || before === 0, last > before]).toEqual([true, true, true]);
      const of = erasure({ mobileNumber });
      const all = await findAll(open(), of);
      expect(all).toHaveLength(300);
      expect(all).toEqual([...new Set(all)].toSorted((a, b) => a - b));
      const [middle = 0, later = 0] = [all[99], all[199]];
      expect(await findAll(open(), of, { after: middle, upTo: later })).toEqual(all.slice(100, 200));
      const one = await open().erasures.find(of, before, last, 'events', lookMs);
      expect(one.next).not.toBeNull();
      expect(one.events).toEqual(all.slice(0, one.events.length));
    });

    it('counts once, however often it does the same, and finds nothing where it has been', async () => {
      const mobileNumber = uniqueNumber();
      await ended(unique('acc'), { mobileNumber });
      await ended(unique('acc'), { mobileNumber: uniqueNumber(), attributes: { see: mobileNumber } });
      const of = erasure({ mobileNumber });
      await open().erasures.create(of);
      const events = await findAll(open(), of);
      for (let i = 0; i < 2; i++) expect(await eraseThese(open(), of, events)).toEqual([]);
      const counts = { events: 1, deliveries: 1, attempts: 1, mentions: 1 };
      expect((await open().erasures.get(of.id))?.counts).toEqual(counts);
      expect(await findAll(open(), of)).toEqual([]);
    });

    it('erases events for many webhooks, with all that their endpoints answered', async () => {
      const mobileNumber = uniqueNumber();
      const webhookIds = Array.from({ length: 400 }, () => unique('wh'));
      const { deliveries } = await accept(open(), newEvent(webhookIds, { mobileNumber }));
      await Promise.all(
        deliveries.map((each) => record(open().log, each, delivered, { responseBody: mobileNumber })),
      );
      const counts = await erase(open(), erasure({ mobileNumber }));
      expect(counts).toEqual({ events: 1, deliveries: 400, attempts: 400 });
      const found: Awaited<ReturnType<OpenStore['history']['getDelivery']>>[] = [];
      for (const { id } of deliveries) found.push(await open().history.getDelivery(id));
      expect(new Set(found.map((each) => each?.attemptLog[0]?.responseBody))).toEqual(new Set([null]));
    });

    it('leaves what is stored behind its end', async () => {
      const [accountId, mobileNumber] = [unique('acc'), uniqueNumber()];
      await ended(accountId, { mobileNumber });
      const { last } = await open().erasures.storedSpan();
      const later = await ended(accountId, { mobileNumber });
      const found = await findAll(open(), erasure({ mobileNumber }), { upTo: last });
      expect(found.length).toBe(1);
      expect(found.every((event) => event <= last)).toBe(true);
      await eraseThese(open(), erasure({ mobileNumber }), found);
      expect(await shown(later.id)).toEqual(later.delivery.event);
    });
  });

  describe('an event that comes again when it was erased', () => {
    it('is a new one', async () => {
      const mobileNumber = uniqueNumber();
      const entry = newEvent([], { accountId: unique('acc'), mobileNumber });
      const [stored] = await appendTold(open().log, [entry]);
      expect((await appendTold(open().log, [entry]))[0]?.result).toBe('duplicate');
      await erase(open(), erasure({ mobileNumber }));
      const [again] = await appendTold(open().log, [entry]);
      expect(again?.result).toBe('accepted');
      expect(again?.eventId).not.toBe(stored?.eventId);
      expect(await shown(again?.eventId ?? '')).toMatchObject({ mobileNumber });
    });

    it('is a duplicate where it has an id of its own that does not name them', async () => {
      const [mobileNumber, accountId] = [uniqueNumber(), unique('acc')];
      const ownId = unique('own');
      const entry = newEvent([], { accountId, mobileNumber }, ownId);
      await appendTold(open().log, [entry]);
      await erase(open(), erasure({ mobileNumber }));
      expect((await appendTold(open().log, [entry]))[0]).toMatchObject({
        result: 'duplicate',
        eventId: ownId,
      });
      expect((await open().history.getEvent(ownId, accountId))?.event).toMatchObject({ mobileNumber: null });
    });

    it('is a new one where that id names them, by which nothing finds the erased one', async () => {
      const [mobileNumber, accountId] = [uniqueNumber(), unique('acc')];
      const ownId = unique(`own-${mobileNumber}-`);
      const entry = newEvent([unique('wh')], { accountId, mobileNumber }, ownId);
      const { deliveries } = await accept(open(), entry);
      const [delivery] = deliveries;
      if (!delivery) throw new Error('nothing told');
      await record(open().log, delivery, delivered);
      await erase(open(), erasure({ mobileNumber }));
      expect(await open().history.getEvent(ownId, accountId)).toBeNull();
      const { event } = (await open().history.getDelivery(delivery.id)) ?? {};
      expect(event?.id).toMatch(/^evt_/);
      expect((await appendTold(open().log, [{ ...entry, webhookIds: [] }]))[0]?.result).toBe('accepted');
      expect((await open().history.getEvent(ownId, accountId))?.event).toMatchObject({ mobileNumber });
    });

    it('is sent in order, although one that says more was delivered before', async () => {
      const [mobileNumber, webhookId, messageId] = [uniqueNumber(), unique('wh'), unique('message')];
      const report = (status: string) => ({
        ...newEvent([webhookId], { accountId: unique('acc'), mobileNumber, messageId, status }),
        orderedWebhookIds: [webhookId],
      });
      const { deliveries } = await accept(open(), report('delivered'));
      for (const each of deliveries) await record(open().log, each, delivered);
      expect(await eraseEvents(open(), erasure({ mobileNumber }))).toEqual([]);
      const again = await accept(open(), report('sent'));
      expect(again.deliveries).toHaveLength(1);
      expect((await open().history.getDelivery(again.deliveries[0]?.id ?? ''))?.state).toBe('pending');
    });
  });
}
