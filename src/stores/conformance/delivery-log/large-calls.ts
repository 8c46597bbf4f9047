import { describe, expect, it } from 'vitest';
import type { QueuedDelivery } from '../../../core/delivery.ts';
import { type DeliveryLog, nothingHeld } from '../../ports/delivery-log.ts';
import { appendTold, attemptOf, delivered, idsOf, newEvent, unique } from '../samples.ts';

/** A call with more deliveries than one commit takes. */
export function describeLargeCalls(open: () => DeliveryLog): void {
  const webhookIds = (): string[] => Array.from({ length: 300 }, () => unique('wh'));

  function listen(): QueuedDelivery[] {
    const told: QueuedDelivery[] = [];
    open().onAccepted((deliveries) => told.push(...deliveries));
    return told;
  }

  describe('a large call', () => {
    it('is answered when all of it is on disk, and told of in the order given', async () => {
      const told = listen();
      const ids = webhookIds();
      const call = Array.from({ length: 20 }, () => newEvent(ids));
      const results = await appendTold(open(), call);
      expect(results.every(({ result, deliveries }) => result === 'accepted' && deliveries === 300)).toBe(
        true,
      );
      const pairs = call.flatMap(({ event }) => ids.map((id) => `${event.messageId} ${id}`));
      expect(told.map(({ event, webhookId }) => `${event.messageId} ${webhookId}`)).toEqual(pairs);
      expect(idsOf(told)).toEqual(idsOf(told).toSorted());
      for (const webhookId of ids.slice(0, 3)) {
        const stored = await open().loadPending(webhookId, nothingHeld, 100);
        expect(stored).toEqual(told.filter((delivery) => delivery.webhookId === webhookId));
      }
    });

    it('has its repeated events found, also where they come far behind', async () => {
      const ids = webhookIds();
      const again = unique('message');
      const call = Array.from({ length: 15 }, (_, i) =>
        newEvent(ids, i % 14 === 0 ? { messageId: again } : {}),
      );
      const results = await appendTold(open(), call);
      expect(results.map(({ result }) => result)).toEqual([...Array(14).fill('accepted'), 'duplicate']);
      expect(results.at(-1)?.eventId).toBe(results[0]?.eventId);
    });

    it('lets calls of other accounts come before its end, and its own account only behind it', async () => {
      const ended: string[] = [];
      const end = (name: string) => () => void ended.push(name);
      const accountId = unique('acc');
      const ids = webhookIds();
      const large = Array.from({ length: 30 }, () => newEvent(ids, { accountId }));
      const calls = [
        open().append(large).then(end('large')),
        open()
          .append([newEvent(['wh_1'], { accountId })])
          .then(end('same account')),
        open()
          .append([newEvent(['wh_1'], { accountId: unique('acc') })])
          .then(end('other account')),
      ];
      await Promise.all(calls);
      expect(ended).toEqual(['other account', 'large', 'same account']);
    });

    it('keeps the order of a message whose reports are far apart, and of attempts between them', async () => {
      const [ordered = '', ...others] = webhookIds();
      const messageId = unique('message');
      const told = listen();
      const report = (status: string) => ({
        ...newEvent([ordered, ...others], { messageId, status }),
        orderedWebhookIds: [ordered],
      });
      const between = Array.from({ length: 15 }, () => newEvent(others));
      const appended = appendTold(open(), [report('sent'), ...between, report('delivered')]);
      const released: QueuedDelivery[] = [];
      open().onReleased((deliveries) => released.push(...deliveries));
      await appended;
      const own = told.filter(({ webhookId }) => webhookId === ordered);
      expect(own.map(({ event }) => event.status)).toEqual(['sent']);
      const [first] = own;
      if (!first) throw new Error('nothing told');
      await new Promise<void>((resolve) => open().record(attemptOf(first, delivered), resolve));
      expect(released.map(({ event }) => event.status)).toEqual(['delivered']);
    });

    it('does not keep an attempt waiting for its end', async () => {
      const [webhookId, ids] = [unique('wh'), webhookIds()];
      const told = listen();
      await appendTold(open(), [newEvent([webhookId])]);
      const [delivery] = told;
      if (!delivery) throw new Error('nothing told');
      const ended: string[] = [];
      const large = open()
        .append(Array.from({ length: 30 }, () => newEvent(ids)))
        .then(() => ended.push('large'));
      const recorded = new Promise<void>((resolve) => {
        open().record(attemptOf(delivery, delivered), () => {
          ended.push('attempt');
          resolve();
        });
      });
      await Promise.all([large, recorded]);
      expect(ended).toEqual(['attempt', 'large']);
    });
  });
}
