import { describe, expect, it } from 'vitest';
import type { DeliveryFilter, DeliveryWithEvent } from '../stores/ports/history.ts';
import { attemptRecord, failedAttempt, queuedDelivery } from '../testing/attempts.ts';
import { createLiveHub, type LiveEnd } from './live.ts';

function listener() {
  const heard: DeliveryWithEvent[] = [];
  const ends: LiveEnd[] = [];
  return {
    heard,
    ends,
    skip: () => {},
    deliver: (delivery: DeliveryWithEvent) => void heard.push(delivery),
    end: (reason: LiveEnd) => void ends.push(reason),
  };
}

const everything: DeliveryFilter = { accountId: null };

describe('the live hub', () => {
  it('tells of a delivery as history shows it after the attempt', () => {
    const hub = createLiveHub();
    const [all, delivery] = [listener(), queuedDelivery({ acceptedAt: 90 })];
    hub.join(null, everything, all);
    hub.attempted(failedAttempt({ startedAt: 100, durationMs: 5 }, 9_000), delivery);
    hub.attempted(attemptRecord({ number: 2, startedAt: 9_000, durationMs: 5 }), delivery);
    const same = { id: 'dlv_1', webhookId: 'wh_1', event: delivery.event, acceptedAt: 90, stateReason: null };
    expect(all.heard).toEqual([
      {
        ...same,
        state: 'retrying',
        attempts: 1,
        nextAttemptAt: 9_000,
        finishedAt: null,
        statusCode: 503,
        errorClass: 'status',
      },
      {
        ...same,
        state: 'delivered',
        attempts: 2,
        nextAttemptAt: null,
        finishedAt: 9_005,
        statusCode: 200,
        errorClass: null,
      },
    ]);
  });

  it('tells why a delivery failed', () => {
    const hub = createLiveHub();
    const all = listener();
    hub.join(null, everything, all);
    hub.attempted(
      failedAttempt({ after: { state: 'failed', reason: 'attempts_exhausted' } }),
      queuedDelivery(),
    );
    expect(all.heard).toMatchObject([{ state: 'failed', stateReason: 'attempts_exhausted' }]);
  });

  it.each<[string, Partial<DeliveryFilter>, Partial<DeliveryFilter>]>([
    ['account', { accountId: 'acc_1' }, { accountId: 'acc_2' }],
    ['webhook', { webhookId: 'wh_1' }, { webhookId: 'wh_2' }],
    ['state', { state: 'delivered' }, { state: 'failed' }],
    ['product', { product: 'sms' }, { product: 'whatsapp' }],
    ['report type', { reportType: 'dlr' }, { reportType: 'mo' }],
    ['message', { messageId: 'm1' }, { messageId: 'M1' }],
    ['transaction', { transactionId: 't1' }, { transactionId: 't' }],
    ['number, however it is written', { mobileNumber: '+91 98123-45678' }, { mobileNumber: '+9812345678' }],
    ['the end of a number', { mobileNumber: '5678' }, { mobileNumber: '5679' }],
    ['status code', { statusCode: 200 }, { statusCode: 201 }],
    ['error class', {}, { errorClass: 'dns' }],
  ])('filters by %s', (_, matching, other) => {
    const hub = createLiveHub();
    const [hears, doesNot] = [listener(), listener()];
    hub.join(null, { ...everything, ...matching }, hears);
    hub.join(null, { ...everything, ...other }, doesNot);
    const event = { messageId: 'm1', transactionId: 't1', mobileNumber: '919812345678' };
    hub.attempted(attemptRecord(), queuedDelivery({}, event));
    expect([hears.heard.length, doesNot.heard.length]).toEqual([1, 0]);
  });

  it('tells whoever left nothing more', () => {
    const hub = createLiveHub();
    const [stays, leaves] = [listener(), listener()];
    hub.join(null, everything, stays);
    hub.join(null, everything, leaves)();
    hub.attempted(attemptRecord(), queuedDelivery());
    expect([stays.heard.length, leaves.heard.length, hub.listeners]).toEqual([1, 0, 1]);
  });

  it('refuses one listener too many of an account, naming its limit, until one leaves', () => {
    const hub = createLiveHub({ most: 10, mostOfAccount: (id) => (id === 'acc_1' ? 2 : null) });
    const join = (accountId: string | null) => hub.join(accountId, everything, listener());
    const leave = join('acc_1');
    join('acc_1');
    const refused = { code: 'slow_down', limit: { name: 'liveStreams', value: 2 } };
    expect(() => join('acc_1')).toThrow(expect.objectContaining(refused));
    for (let i = 0; i < 3; i++) join('acc_2');
    leave();
    leave();
    join('acc_1');
    expect([hub.listeners, hub.listenersOf('acc_1'), hub.listenersOf('acc_2')]).toEqual([5, 2, 3]);
  });

  it('lets no account have what others need: who has the most gives its oldest to who has fewer', () => {
    const hub = createLiveHub({ most: 4, mostOfAccount: () => 4 });
    const crowd = Array.from({ length: 4 }, () => listener());
    for (const each of crowd) hub.join('acc_1', everything, each);
    hub.join('acc_2', everything, listener());
    hub.join('acc_3', everything, listener());
    expect(crowd.map(({ ends }) => ends)).toEqual([['crowded'], ['crowded'], [], []]);
    const refused = expect.objectContaining({ code: 'overloaded' });
    // It would only change places with who has as many.
    expect(() => hub.join('acc_1', everything, listener())).toThrow(refused);
    expect(() => hub.join('acc_2', everything, listener())).toThrow(refused);
    hub.join(null, everything, listener());
    expect(() => hub.join('acc_4', everything, listener())).toThrow(refused);
    expect([hub.listeners, hub.listenersOf('acc_1')]).toEqual([4, 1]);
  });

  it('ends every stream at its close, and takes nobody afterwards', () => {
    const hub = createLiveHub();
    const all = listener();
    hub.join(null, everything, all);
    hub.close();
    expect([all.ends, hub.listeners]).toEqual([['stopping'], 0]);
    expect(() => hub.join(null, everything, listener())).toThrow('stopping');
  });
});
