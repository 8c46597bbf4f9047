import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { QueuedDelivery } from '../../../core/delivery.ts';
import { testEvent } from '../../../testing/factories.ts';
import { type DeliveryLog, nothingHeld } from '../../ports/delivery-log.ts';
import { appendTold, idsOf, newEvent, unique } from '../samples.ts';

/** How events come in and who hears of them. */
export function describeAppend(open: () => DeliveryLog): void {
  function listen(): QueuedDelivery[] {
    const told: QueuedDelivery[] = [];
    open().onAccepted((deliveries) => told.push(...deliveries));
    return told;
  }

  describe('append', () => {
    it('answers in the order given, with ids of its own where the caller has none', async () => {
      const ids = [unique('own'), null, unique('own')];
      const results = await appendTold(
        open(),
        ids.map((id) => newEvent(['wh_1'], {}, id)),
      );
      expect(results.map(({ eventId }) => eventId)).toEqual([
        ids[0],
        expect.stringMatching(/^evt_\w+$/),
        ids[2],
      ]);
    });

    it('takes nothing for an answer to nothing', async () => {
      expect(await appendTold(open(), [])).toEqual([]);
    });

    it('tells of new deliveries before it resolves, with all that sending needs', async () => {
      const told = listen();
      const webhookIds = [unique('wh'), unique('wh')];
      const entry = newEvent(webhookIds);
      const before = Date.now();
      const [result] = await appendTold(open(), [entry]);
      expect(told).toEqual(
        webhookIds.map((webhookId) => ({
          id: expect.stringMatching(/^dlv_\w+$/),
          webhookId,
          event: { ...entry.event, id: result?.eventId },
          acceptedAt: told[0]?.acceptedAt,
          queuedAt: told[0]?.acceptedAt,
          attempts: 0,
          attemptsSinceReplay: 0,
          manual: false,
          ordered: false,
          size: expect.any(Number),
        })),
      );
      expect(new Set(idsOf(told)).size).toBe(2);
      expect(told[0]?.acceptedAt).toBeGreaterThanOrEqual(before);
      expect(told[0]?.acceptedAt).toBeLessThanOrEqual(Date.now());
    });

    it('does not tell of a duplicate', async () => {
      const id = unique('own');
      const told = listen();
      await appendTold(open(), [newEvent(['wh_1'], {}, id), newEvent(['wh_1'], {}, id)]);
      await appendTold(open(), [newEvent(['wh_1'], {}, id)]);
      expect(told).toHaveLength(1);
    });

    it('keeps the order of many calls at once, in its answers, in what it tells and in the store', async () => {
      const webhookId = unique('wh');
      const told = listen();
      const resolved: number[] = [];
      const messages = Array.from({ length: 300 }, () => unique('message'));
      await Promise.all(
        messages.map(async (messageId, i) => {
          await appendTold(open(), [newEvent([webhookId], { messageId })]);
          expect(told.some(({ event }) => event.messageId === messageId)).toBe(true);
          resolved.push(i);
        }),
      );
      expect(resolved).toEqual(messages.map((_, i) => i));
      expect(told.map(({ event }) => event.messageId)).toEqual(messages);
      const stored = await open().loadPending(webhookId, nothingHeld, 1_000);
      expect(stored).toEqual(told);
      expect(idsOf(told)).toEqual(idsOf(told).toSorted());
    });

    it('says how many events wait for a commit', async () => {
      const first = open().append([newEvent([]), newEvent([])]);
      const second = open().append([newEvent([])]);
      expect(open().queued).toBe(3);
      await Promise.all([first, second]);
      expect(open().queued).toBe(0);
    });

    it('gives every text back as it came', async () => {
      const text = fc.string({ unit: 'binary', minLength: 1 }).filter((value) => !value.includes('\0'));
      const texts = fc.uniqueArray(fc.tuple(text, text, text), {
        ...{ minLength: 20, maxLength: 40 },
        selector: ([ownId]) => ownId,
      });
      const property = fc.asyncProperty(texts, async (given) => {
        const [webhookId, accountId] = [unique('wh'), unique('acc')];
        const events = given.map(([ownId, messageId, profileName]) =>
          testEvent({
            id: ownId,
            accountId,
            messageId,
            profileName,
            attributes: JSON.stringify({ [ownId]: [ownId] }),
          }),
        );
        const entries = events.map((event) => ({ event, ownId: event.id, webhookIds: [webhookId] }));
        expect((await appendTold(open(), entries)).map(({ result }) => result)).toEqual(
          events.map(() => 'accepted'),
        );
        expect((await appendTold(open(), entries)).map(({ result }) => result)).toEqual(
          events.map(() => 'duplicate'),
        );
        const stored = await open().loadPending(webhookId, nothingHeld, 100);
        expect(stored.map(({ event }) => event)).toEqual(events);
      });
      await fc.assert(property, { numRuns: 5 });
    });
  });
}
