import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HookwireError } from '../../../core/errors.ts';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { sampleDelivery } from '../../testing/deliveries.ts';
import { createHttpFixture, type HttpFixture } from '../../testing/http-fixture.ts';

let api: HttpFixture;
let key: string;
beforeEach(async () => {
  api = await createHttpFixture(createManualClock());
  key = await api.accountKey('acc_1', 'events:write', 'deliveries:read');
});
afterEach(() => api.app.close());

const post = (body: unknown) => api.call('POST', '/v1/events', body, { key });

/** Rejects the items that are `bad`. */
function rejectBadItems(): void {
  api.services.answerEvents = (items) => {
    const bad = items.map(
      (item) => item === 'bad' || (typeof item === 'object' && item !== null && 'bad' in item),
    );
    const rejected = bad.filter(Boolean).length;
    return {
      accepted: items.length - rejected,
      duplicates: 0,
      rejected,
      events: bad.map((isBad) =>
        isBad
          ? {
              id: null,
              result: 'rejected',
              deliveries: 0,
              errors: [
                { path: 'messageId', message: 'no' },
                { path: '', message: 'x' },
              ],
            }
          : { id: 'evt_1', result: 'accepted', deliveries: 2 },
      ),
    };
  };
}

describe('handing in events', () => {
  it('passes one on as it came, for the account of the key', async () => {
    const event = { product: 'sms', anything: [1, { deep: null }] };
    const answer = await post(event);
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      accepted: 1,
      duplicates: 0,
      rejected: 0,
      events: [{ id: 'evt_0', result: 'accepted', deliveries: 1 }],
    });
    expect(api.accepted).toEqual([{ items: [event], accountId: 'acc_1' }]);
  });

  it('leaves it to the events to name the account where an operator calls', async () => {
    await api.call('POST', '/v1/events', [{}]);
    expect(api.accepted).toEqual([{ items: [{}], accountId: null }]);
  });

  it('takes 1,000 at once, of 4 kB each', async () => {
    const items = Array.from({ length: 1000 }, () => ({ text: 'x'.repeat(4000) }));
    const answer = await post(items);
    expect(answer.body.accepted).toBe(1000);
  });

  it.each([
    [[], 'at least one'],
    [Array.from({ length: 1001 }, () => ({})), 'has 1001 events; at most 1000'],
    ['"text"', 'must be an event'],
    ['5', 'must be an event'],
    ['null', 'must be an event'],
    ['', 'must be an event'],
  ])('refuses a body that is none (%#)', async (body, message) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await api.call('POST', '/v1/events', body, { key, headers });
    expect(answer.body).toMatchObject({
      status: 422,
      errors: [{ path: '', message: expect.stringContaining(message) }],
    });
    expect(api.accepted).toEqual([]);
  });

  it('answers 202 item by item when only some are bad', async () => {
    rejectBadItems();
    const answer = await post([{}, { bad: 1 }]);
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({
      accepted: 1,
      rejected: 1,
      events: [{ result: 'accepted' }, { result: 'rejected', errors: [{ path: 'messageId' }, { path: '' }] }],
    });
  });

  it('answers 422 with all places and results when all are bad', async () => {
    rejectBadItems();
    const answer = await post([{ bad: 1 }, 'bad']);
    expect(answer.body).toMatchObject({
      status: 422,
      code: 'invalid_input',
      errors: [
        { path: '[0].messageId', message: 'no' },
        { path: '[0]', message: 'x' },
        { path: '[1].messageId', message: 'no' },
        { path: '[1]', message: 'x' },
      ],
      rejected: 2,
      events: [{ result: 'rejected' }, { result: 'rejected' }],
    });
    expect(answer.headers['content-type']).toContain('application/problem+json');
  });

  it("names a single event's places from its own root", async () => {
    rejectBadItems();
    const answer = await post({ bad: 1 });
    expect(answer.body).toMatchObject({ status: 422, errors: [{ path: 'messageId' }, { path: '' }] });
  });

  it.each(['overloaded', 'stopping'] as const)('says when it is %s, and when to come back', async (code) => {
    api.services.answerEvents = () => {
      throw new HookwireError(code, 'No.', { retryAfterSeconds: 7 });
    };
    const answer = await post({});
    expect(answer.body).toMatchObject({ status: 503, code });
    expect(answer.headers['retry-after']).toBe('7');
    expect(api.logged).toEqual([]);
  });
});

describe('an event', () => {
  it('is read with its deliveries', async () => {
    const delivery = sampleDelivery('acc_1');
    api.deliveries.set(delivery.id, delivery);
    const answer = await api.call('GET', '/v1/events/evt_1', undefined, { key });
    expect(answer.body).toMatchObject({
      id: 'evt_1',
      accountId: 'acc_1',
      messageId: 'shdgMj33hk8',
      receivedTime: '2026-11-22T10:15:30.000Z',
      readTime: null,
      acceptedAt: '2026-11-22T10:15:31.000Z',
      deliveries: [{ id: 'dlv_1', state: 'retrying' }],
    });
  });

  it('of another account is not there', async () => {
    api.deliveries.set('dlv_1', sampleDelivery('acc_2'));
    expect((await api.call('GET', '/v1/events/evt_1', undefined, { key })).status).toBe(404);
    expect((await api.call('GET', '/v1/events/evt_1')).status).toBe(200);
    expect((await api.call('GET', '/v1/events/evt_2')).status).toBe(404);
  });
});
