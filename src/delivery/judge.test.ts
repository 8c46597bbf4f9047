import { describe, expect, it } from 'vitest';
import { testSettings, testWebhook } from '../testing/factories.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { openEndpoint } from './endpoints.ts';
import { type Answered, type Judgement, judge, recordedBodyBytes } from './judge.ts';
import { ListLimits } from './lanes/list-limits.ts';
import type { Deliveries } from './make-request.ts';
import type { SendResult } from './send/send-result.ts';
import { testDelivery } from './testing/deliveries.ts';
import { createFakeSender } from './testing/fake-sender.ts';

const startedAt = 1_764_400_000_000;
const tookMs = 80;

function answer(statusCode: number, more: Partial<SendResult> = {}): SendResult {
  return {
    ...{ startedAt, durationMs: tookMs, statusCode, headers: [], retryAfter: null, date: null },
    ...{ contentType: null, contentEncoding: null, body: Buffer.alloc(0), truncated: false },
    ...{ error: null, shortage: null, resent: false },
    ...more,
  };
}

function judged(result: SendResult, deliveries: Deliveries, lists = new ListLimits()): Judgement {
  const batch = { maxItems: 10, maxWaitMs: 100 };
  const { current } = openEndpoint(createFakeSender(createManualClock()), {
    webhook: testWebhook({ version: 3, settings: { ...testSettings, batch } }),
    secrets: [{ secret: 'whsec_c2VjcmV0', expiresAt: null }],
  });
  const answered: Answered = { startedAt, result, bytes: 1_000, now: startedAt + tookMs, random: () => 0.5 };
  return judge(current, deliveries, answered, lists);
}

describe('what a request was answered', () => {
  it('is recorded with what was sent, how long it took and what came of it', () => {
    const delivery = testDelivery(1, { attempts: 4, attemptsSinceReplay: 1, manual: true });
    const { records, verdict } = judged(answer(500), [delivery]);
    expect(records).toEqual([
      {
        deliveryId: delivery.id,
        webhookId: 'wh_1',
        webhookVersion: 3,
        number: 5,
        manual: true,
        startedAt,
        durationMs: tookMs,
        statusCode: 500,
        errorClass: 'status',
        errorDetail: expect.stringContaining('answered 500'),
        responseBody: null,
        // The second attempt since the replay.
        after: { state: 'retrying', dueAt: startedAt + tookMs + 30_000 },
        ordered: false,
      },
    ]);
    expect(verdict).toMatchObject({ disable: null, overloaded: false });
  });

  it('is recorded with the start of its body', () => {
    const body = Buffer.from('x'.repeat(recordedBodyBytes + 1));
    const { records } = judged(answer(200, { body }), [testDelivery(1)]);
    expect(records[0]?.responseBody).toBe('x'.repeat(recordedBodyBytes));
  });

  it('holds for all deliveries of the request', () => {
    const deliveries: Deliveries = [
      testDelivery(1),
      testDelivery(2),
      testDelivery(3, { attempts: 1, attemptsSinceReplay: 1 }),
    ];
    const { records, verdict } = judged(answer(503, { retryAfter: '60' }), deliveries);
    expect(records.map(({ deliveryId, number }) => [deliveryId, number])).toEqual(
      deliveries.map(({ id, attempts }) => [id, attempts + 1]),
    );
    expect(new Set(records.map(({ after }) => JSON.stringify(after))).size).toBe(1);
    expect(verdict.overloaded).toBe(true);
  });

  it('halves a list that is refused for what is in it, and uses up no attempt', () => {
    const deliveries: Deliveries = [testDelivery(1), testDelivery(2), testDelivery(3)];
    const { records } = judged(answer(422), deliveries);
    for (const record of records) {
      expect(record).toMatchObject({ isHalved: true, counts: false, listMost: 2 });
      expect(record.after).toEqual({ state: 'retrying', dueAt: startedAt + tookMs });
    }
  });

  it('says what is too large for the endpoint by the size of what was sent', () => {
    const lists = new ListLimits();
    judged(answer(413), [testDelivery(1), testDelivery(2)], lists);
    expect(lists.mostBytes(5_000)).toBeLessThan(1_000);
  });
});
