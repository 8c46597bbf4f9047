import { describe, expect, it } from 'vitest';
import type { AfterAttempt, AttemptRecord, Conclusion, QueuedDelivery } from '../core/delivery.ts';
import { createWebhookRegistry } from '../routing/registry.ts';
import { testEvent, testWebhook } from '../testing/factories.ts';
import { createFailedDeliveries } from './failed-deliveries.ts';
import type { Occurrence } from './operational-events.ts';

const acceptedAt = Date.UTC(2026, 10, 22, 10, 0, 0);
const delivery: QueuedDelivery = {
  id: 'dlv_1',
  webhookId: 'wh_1',
  event: testEvent({ messageId: 'm', transactionId: null }),
  acceptedAt,
  queuedAt: acceptedAt,
  attempts: 3,
  attemptsSinceReplay: 3,
  manual: false,
  ordered: false,
};

function record(after: AfterAttempt): AttemptRecord {
  return {
    deliveryId: 'dlv_1',
    webhookId: 'wh_1',
    webhookVersion: 1,
    number: 4,
    manual: false,
    startedAt: acceptedAt + 60_000,
    durationMs: 1_500,
    statusCode: null,
    errorClass: 'timeout_headers',
    errorDetail: null,
    responseBody: null,
    ordered: false,
    after,
  };
}

const failed = record({ state: 'failed', reason: 'attempts_exhausted' });

function openDesk(wanted = true) {
  const registry = createWebhookRegistry();
  registry.put({ webhook: testWebhook({}), secrets: [] });
  const raised: Occurrence[] = [];
  const operations = {
    wanted: () => wanted,
    raise: async (occurrence: Occurrence) => raised.push(occurrence) > 0,
  };
  return { registry, raised, failures: createFailedDeliveries(operations, registry) };
}

const conclusion = (after: Conclusion['after']): Conclusion => ({
  deliveryId: delivery.id,
  webhookId: delivery.webhookId,
  at: acceptedAt + 5,
  after,
  ordered: false,
});

describe('a delivery that fails for good', () => {
  it('is told of with its last attempt', () => {
    const { raised, failures } = openDesk();
    failures.attempted(failed, delivery);
    expect(raised).toMatchObject([
      {
        type: 'delivery.failed',
        key: 'dlv_1_4',
        at: acceptedAt + 61_500,
        deliveryId: 'dlv_1',
        webhook: { id: 'wh_1' },
        data: {
          deliveryId: 'dlv_1',
          eventId: 'evt_1',
          messageId: 'm',
          transactionId: null,
          reason: 'attempts_exhausted',
          attempts: 4,
          statusCode: null,
          errorClass: 'timeout_headers',
          acceptedAt: '2026-11-22T10:00:00.000Z',
        },
      },
    ]);
  });

  it('is told of when it ends without a further attempt', () => {
    const { raised, failures } = openDesk();
    failures.concluded(conclusion({ state: 'failed', reason: 'gave_up_after' }), delivery);
    expect(raised).toMatchObject([
      { key: 'dlv_1_3', at: acceptedAt + 5, data: { reason: 'gave_up_after', attempts: 3 } },
    ]);
    expect(raised[0]?.data).not.toHaveProperty('statusCode');
  });
});

it('Nothing is told of deliveries that go on or end otherwise', () => {
  const { raised, failures } = openDesk();
  failures.attempted(record({ state: 'delivered' }), delivery);
  failures.attempted(record({ state: 'retrying', dueAt: 5 }), delivery);
  failures.attempted(record({ state: 'skipped', reason: 'webhook_deleted' }), delivery);
  failures.concluded(conclusion({ state: 'skipped', reason: 'outdated' }), delivery);
  expect(raised).toEqual([]);
});

it('Nothing is told where nobody listens, of operational events, and of webhooks that were deleted', () => {
  const unheard = openDesk(false);
  unheard.failures.attempted(failed, delivery);
  const { raised, failures, registry } = openDesk();
  failures.attempted(failed, { ...delivery, event: testEvent({ product: 'hookwire' }) });
  registry.remove('wh_1');
  failures.attempted(failed, delivery);
  expect([...unheard.raised, ...raised]).toEqual([]);
});
