import { expect, it } from 'vitest';
import type { AttemptRecord, QueuedDelivery } from '../../core/delivery.ts';
import { decodeEvent } from '../../core/event-text.ts';
import { nested } from '../../testing/deep-json.ts';
import { testDelivery } from '../testing/deliveries.ts';
import { createAttemptPacker, unpackAttempts } from './attempt-bundle.ts';
import { packDelivery, type ReadEvent, unpackDelivery } from './packed-delivery.ts';

const read: ReadEvent = decodeEvent;

function recordOf(delivery: QueuedDelivery, parts: Partial<AttemptRecord> = {}): AttemptRecord {
  return {
    deliveryId: delivery.id,
    webhookId: delivery.webhookId,
    webhookVersion: 3,
    number: 2,
    manual: false,
    startedAt: 1_795_000_000_123,
    durationMs: 12.5,
    statusCode: 200,
    errorClass: null,
    errorDetail: null,
    responseBody: 'ok',
    after: { state: 'delivered' },
    counts: true,
    listMost: null,
    isHalved: false,
    ordered: false,
    ...parts,
  };
}

it('brings each attempt over as it was, in its order', () => {
  const deliveries = [
    testDelivery(1, { webhookId: 'wh_a' }),
    testDelivery(2, {
      webhookId: 'wh_b',
      manual: true,
      ordered: true,
      attempts: 4,
      countedAt: 7,
      listMost: 2,
    }),
    testDelivery(3, { webhookId: 'wh_a' }),
    testDelivery(4, { webhookId: 'wh_c' }),
  ];
  const [a, b, c, d] = deliveries as [QueuedDelivery, QueuedDelivery, QueuedDelivery, QueuedDelivery];
  const records = [
    recordOf(a),
    recordOf(b, {
      ...{ statusCode: 500, errorClass: 'status', errorDetail: 'It answered 500.', responseBody: null },
      ...{
        after: { state: 'retrying', dueAt: 1_795_000_005_123 },
        counts: false,
        listMost: 2,
        ordered: true,
      },
    }),
    recordOf(c, { statusCode: null, errorClass: 'dns', after: { state: 'failed', reason: 'too_late' } }),
    recordOf(d, { after: { state: 'skipped', reason: 'webhook_deleted' } }),
  ];
  const packer = createAttemptPacker();
  records.forEach((record, i) => {
    packer.add(record, deliveries[i] as QueuedDelivery);
  });
  expect(packer.size).toBe(4);
  const heard: [AttemptRecord, QueuedDelivery][] = [];
  unpackAttempts(structuredClone(packer.take()), read, (...one) => heard.push(one));
  expect(packer.size).toBe(0);
  expect(heard.map(([record]) => record)).toEqual(records);
  heard.forEach(([, { event, size: _size, text: _text, ...delivery }], i) => {
    const { event: sent, size: _, ...rest } = deliveries[i] as QueuedDelivery;
    expect(delivery).toEqual({ countedAt: null, listMost: null, ...rest });
    expect(event.messageId).toBe(sent.messageId);
    expect(event.accountId).toBe(sent.accountId);
  });
});

it('brings over an event however deep it is, of which a structured clone would end', () => {
  const delivery = testDelivery(1);
  const deep = {
    ...delivery,
    event: { ...delivery.event, message: `{"deep":${nested('numbered', 20_000)}}` },
  };
  const packed = structuredClone(packDelivery(deep as QueuedDelivery));
  const back = unpackDelivery(packed, read);
  expect(back.event.messageId).toBe(delivery.event.messageId);
  expect(back.event.message).toBe(deep.event.message);
});
