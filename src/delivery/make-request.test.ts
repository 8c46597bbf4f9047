import { describe, expect, it } from 'vitest';
import { testSettings, testWebhook } from '../testing/factories.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { openEndpoint } from './endpoints.ts';
import { type Deliveries, makeRequest } from './make-request.ts';
import { testDelivery } from './testing/deliveries.ts';
import { createFakeSender } from './testing/fake-sender.ts';

const now = 1_764_400_000_000;

function open() {
  const batch = { maxItems: 10, maxWaitMs: 100 };
  const { current } = openEndpoint(createFakeSender(createManualClock()), {
    webhook: testWebhook({ settings: { ...testSettings, batch } }),
    secrets: [{ secret: 'whsec_c2VjcmV0', expiresAt: null }],
  });
  return current;
}

function idOf(...deliveries: Deliveries): string | undefined {
  const request = makeRequest(open(), deliveries, now);
  if ('error' in request) throw new Error(request.error.detail);
  return request.headers[request.headers.indexOf('webhook-id') + 1];
}

describe('the request of deliveries', () => {
  it('is signed with the keys of its moment', () => {
    const endpoint = open();
    const asked: number[] = [];
    const keysAt = (at: number) => {
      asked.push(at);
      return endpoint.keysAt(at);
    };
    makeRequest({ ...endpoint, keysAt }, [testDelivery(1)], now);
    expect(asked).toEqual([now]);
  });

  it('has the delivery as its webhook-id, and for several one that is the same for the same ones', () => {
    const both = idOf(testDelivery(1), testDelivery(2));
    expect(idOf(testDelivery(1))).toBe(testDelivery(1).id);
    expect(both).toMatch(/^bat_[0-9a-f]{24}$/);
    expect(idOf(testDelivery(1), testDelivery(2))).toBe(both);
    expect(idOf(testDelivery(1), testDelivery(3))).not.toBe(both);
  });

  it('that cannot be made says why, and does not throw', () => {
    const keysAt = () => {
      throw new Error('no key');
    };
    expect(makeRequest({ ...open(), keysAt }, [testDelivery(1)], now)).toEqual({
      error: { class: 'render', detail: 'The request could not be made: Error: no key' },
    });
  });
});
