import { describe, expect, it } from 'vitest';
import type { QueuedDelivery } from '../core/delivery.ts';
import { testSettings, testWebhook } from '../testing/factories.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { type AttemptOutcome, attempt, recordedBodyBytes } from './attempt.ts';
import { openEndpoint } from './endpoints.ts';
import type { SendResult } from './send/send-result.ts';
import { testDelivery } from './testing/deliveries.ts';
import { createFakeSender } from './testing/fake-sender.ts';

type Deliveries = readonly [QueuedDelivery, ...QueuedDelivery[]];

function open(settings: Partial<typeof testSettings> = {}) {
  const clock = createManualClock();
  const sender = createFakeSender(clock);
  const webhook = testWebhook({ version: 3, settings: { ...testSettings, ...settings } });
  const { current: endpoint } = openEndpoint(sender, {
    webhook,
    secrets: [{ secret: 'whsec_c2VjcmV0', expiresAt: null }],
  });
  const context = { clock, random: () => 0.5 };
  return {
    clock,
    sender,
    endpoint,
    start: (...deliveries: Deliveries) => attempt(endpoint, deliveries, context),
  };
}

function made(outcome: AttemptOutcome): Extract<AttemptOutcome, { shortage: null }> {
  if (outcome.shortage !== null) throw new Error(`short of ${outcome.shortage}`);
  return outcome;
}

describe('an attempt', () => {
  it('is signed with the keys of its moment', async () => {
    const { clock, sender, endpoint } = open();
    const asked: number[] = [];
    const keysAt = (now: number) => {
      asked.push(now);
      return endpoint.keysAt(now);
    };
    sender.always = 200;
    clock.advance(12_345);
    await attempt({ ...endpoint, keysAt }, [testDelivery(1)], { clock, random: () => 0 });
    expect(asked).toEqual([clock.now()]);
  });

  it('that the machine is too short of something for is none', async () => {
    const { sender, start } = open();
    const outcome = start(testDelivery(1));
    sender.sent[0]?.fallShort('files');
    expect(await outcome).toEqual({ shortage: 'files' });
  });

  it('is recorded with what was sent, how long it took and what came of it', async () => {
    const { clock, sender, start } = open();
    const delivery = testDelivery(1, { attempts: 4, attemptsSinceReplay: 1, manual: true });
    const outcome = start(delivery);
    const startedAt = clock.now();
    clock.advance(80);
    sender.sent[0]?.answer(500);
    const { records, verdict } = made(await outcome);
    expect(records).toEqual([
      {
        deliveryId: delivery.id,
        webhookId: 'wh_1',
        webhookVersion: 3,
        number: 5,
        manual: true,
        startedAt,
        durationMs: 80,
        statusCode: 500,
        errorClass: 'status',
        errorDetail: expect.stringContaining('answered 500'),
        responseBody: null,
        // The second attempt since the replay.
        after: { state: 'retrying', dueAt: startedAt + 80 + 30_000 },
        ordered: false,
      },
    ]);
    expect(verdict).toMatchObject({ disable: null, overloaded: false });
  });

  it('keeps the start of the answer', async () => {
    const { clock, endpoint } = open();
    const body = Buffer.from('x'.repeat(recordedBodyBytes + 1));
    const result: SendResult = {
      startedAt: 0,
      durationMs: 1,
      statusCode: 200,
      headers: [],
      retryAfter: null,
      date: null,
      contentType: null,
      contentEncoding: null,
      body,
      truncated: false,
      error: null,
      shortage: null,
      resent: false,
    };
    const answering = { ...endpoint, channel: Object.assign(endpoint.channel, { send: async () => result }) };
    const { records } = made(await attempt(answering, [testDelivery(1)], { clock, random: () => 0 }));
    expect(records[0]?.responseBody).toBe('x'.repeat(recordedBodyBytes));
  });

  it('of several deliveries is one request whose outcome all of them share', async () => {
    const { sender, start } = open({ batch: { maxItems: 10, maxWaitMs: 100 } });
    const deliveries = [
      testDelivery(1),
      testDelivery(2),
      testDelivery(3, { attempts: 1, attemptsSinceReplay: 1 }),
    ];
    const [first, ...more] = deliveries;
    if (!first) throw new Error('no delivery');
    const outcome = start(first, ...more);
    expect(sender.sent).toHaveLength(1);
    sender.sent[0]?.answer(503, '60');
    const { records, verdict } = made(await outcome);
    expect(records.map(({ deliveryId, number }) => [deliveryId, number])).toEqual(
      deliveries.map(({ id, attempts }) => [id, attempts + 1]),
    );
    expect(new Set(records.map(({ after }) => JSON.stringify(after))).size).toBe(1);
    expect(verdict.overloaded).toBe(true);
  });

  it('has the delivery as its webhook-id, and for several one that is the same for the same ones', async () => {
    const { sender, start } = open({ batch: { maxItems: 10, maxWaitMs: 100 } });
    sender.always = 200;
    await start(testDelivery(1));
    await start(testDelivery(1), testDelivery(2));
    await start(testDelivery(1), testDelivery(2));
    await start(testDelivery(1), testDelivery(3));
    const [alone, both, again, others] = sender.sent.map(({ id }) => id);
    expect(alone).toBe(testDelivery(1).id);
    expect(both).toMatch(/^bat_[0-9a-f]{24}$/);
    expect(again).toBe(both);
    expect(others).not.toBe(both);
  });
});
