import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../core/clock.ts';
import type { QueuedDelivery } from '../../../core/delivery.ts';
import { attemptOf, delivered, idsOf, newEvent, unique } from '../../conformance/samples.ts';
import { type DeliveryLog, nothingHeld } from '../../ports/delivery-log.ts';
import { createTestDatabases } from '../testing/databases.ts';
import { openLog } from '../testing/log-places.ts';

const databases = createTestDatabases();
let client: pg.Client;
let one: DeliveryLog;
let other: DeliveryLog;

beforeAll(async () => {
  const url = await databases.laidOut('shared');
  client = new pg.Client(url);
  await client.connect();
  ({ log: one } = await openLog({ url, clock: systemClock, node: 1 }));
  ({ log: other } = await openLog({ url, clock: systemClock, node: 2 }));
});
afterAll(async () => {
  await Promise.all([one.close(), other.close()]);
  await client.end();
  await databases.remove();
});

describe('two processes on one database', () => {
  it('take the same event at the same moment for one event, in whatever order each has them', async () => {
    const [accountId, webhookId] = [unique('acc'), unique('wh')];
    const events = Array.from({ length: 300 }, (_, i) =>
      newEvent([webhookId], { accountId }, i % 2 === 0 ? null : unique('own')),
    );
    const reversed = events.toReversed();
    const [here, there] = await Promise.all([
      Promise.all(events.map((event) => one.append([event]))),
      Promise.all(reversed.map((event) => other.append([event]))),
    ]);
    const pairs = here.flat().map((result, i) => [result, there.flat().toReversed()[i]]);
    for (const [a, b] of pairs) {
      expect([a?.result, b?.result].toSorted()).toEqual(['accepted', 'duplicate']);
      expect(a?.eventId).toBe(b?.eventId);
    }
    const { rows } = await client.query('select count(*)::int as n from waiting where webhook = $1', [
      webhookId,
    ]);
    expect(rows).toEqual([{ n: 300 }]);
  });

  it('give numbers that the other has not', async () => {
    const [accountId, webhookId] = [unique('acc'), unique('wh')];
    const append = (log: DeliveryLog) =>
      log.append(Array.from({ length: 200 }, () => newEvent([webhookId, webhookId], { accountId })));
    await Promise.all([append(one), append(other)]);
    expect(new Set(idsOf(await one.loadPending(webhookId, nothingHeld, 1_000))).size).toBe(800);
  });

  it('keep the order of messages whose reports come in at both, and leave none waiting', async () => {
    const [accountId, webhookId] = [unique('acc'), unique('wh')];
    const messages = Array.from({ length: 40 }, () => unique('m'));
    const report = (messageId: string, status: string) => ({
      ...newEvent([webhookId], { accountId, messageId, status }),
      orderedWebhookIds: [webhookId],
    });
    const statuses = ['sent', 'delivered', 'read'] as const;
    const appended = statuses.flatMap((status, i) =>
      messages.map((messageId, n) => ((n + i) % 2 === 0 ? one : other).append([report(messageId, status)])),
    );
    // The one that owns the webhook sends what may be sent, one report of a message at a time, while others come in.
    const underWay = new Map<string, string>();
    const sent: QueuedDelivery[] = [];
    let ended = 0;
    const outdated: string[] = [];
    one.onOutdated((_, delivery) => void outdated.push(delivery.id));
    other.onOutdated((_, delivery) => void outdated.push(delivery.id));
    const known = new Set<string>();
    const together: string[] = [];

    function send(deliveries: readonly QueuedDelivery[]): void {
      for (const delivery of deliveries) {
        if (delivery.webhookId !== webhookId || known.has(delivery.id)) continue;
        known.add(delivery.id);
        const { messageId } = delivery.event;
        if (underWay.has(messageId)) together.push(messageId);
        underWay.set(messageId, delivery.id);
        sent.push(delivery);
        one.record(attemptOf(delivery, delivered), () => {
          ended++;
          underWay.delete(messageId);
        });
      }
    }
    await expect
      .poll(async () => {
        send(await one.loadPending(webhookId, nothingHeld, 1_000));
        send((await one.loadRetries(webhookId, Number.MAX_SAFE_INTEGER, 1_000)).due);
        return ended + outdated.length;
      })
      .toBe(messages.length * statuses.length);
    await Promise.all(appended);
    const { rows } = await client.query('select count(*)::int as n from waiting where webhook = $1', [
      webhookId,
    ]);
    expect(rows).toEqual([{ n: 0 }]);
    expect(together).toEqual([]);
    for (const messageId of messages) {
      const told = sent.filter(({ event }) => event.messageId === messageId).map(({ event }) => event.status);
      expect(told).toEqual(statuses.filter((status) => told.includes(status)));
    }
  });
});
