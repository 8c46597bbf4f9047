import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testEvent } from '../../../../testing/factories.ts';
import { createManualClock } from '../../../../testing/manual-clock.ts';
import { sampleDelivery } from '../../../testing/deliveries.ts';
import { createHttpFixture, type HttpFixture } from '../../../testing/http-fixture.ts';
import { smsDlr, whatsappMo } from '../../../testing/webhook-bodies.ts';

let api: HttpFixture;
let key: string;
beforeEach(async () => {
  api = await createHttpFixture(createManualClock());
  key = await api.accountKey('acc_1', 'deliveries:read', 'webhooks:write');
});
afterEach(() => api.app.close());

const get = (path: string, options: object = { key }) => api.call('GET', path, undefined, options);

describe('events by the ids of their message', () => {
  it('come with how many of their deliveries are where', async () => {
    const deliveries = { pending: 0, retrying: 1, delivered: 2, failed: 0, skipped: 0 };
    const { attributes: _attributes, message: _message, ...event } = testEvent({});
    api.found.push({ event, acceptedAt: Date.UTC(2026, 10, 22, 10, 15, 31), deliveries });
    const { status, body } = await get(
      '/v1/events?messageId=m1&transactionId=t1&mobileNumber=%2B9198&limit=7&cursor=c',
    );
    expect([status, body]).toEqual([
      200,
      {
        data: [
          {
            ...event,
            receivedTime: '2026-11-22T10:15:30.000Z',
            sentTime: '2026-11-22T10:15:30.420Z',
            deliveredTime: '2026-11-22T10:15:33.000Z',
            readTime: null,
            contents: 'kept',
            acceptedAt: '2026-11-22T10:15:31.000Z',
            deliveries,
          },
        ],
        nextCursor: null,
      },
    ]);
    expect(api.searched).toEqual([
      {
        filter: { accountId: 'acc_1', messageId: 'm1', transactionId: 't1', mobileNumber: '+9198' },
        page: { limit: 7, cursor: 'c' },
      },
    ]);
  });

  it.each(['', '?limit=5', '?messageId='])('need one of the ids: %s', async (query) => {
    const { status, body } = await get(`/v1/events${query}`);
    expect([status, body.errors.length]).toEqual([422, 1]);
    expect(body.errors[0]?.path).toMatch(/^query/);
    expect(api.searched).toEqual([]);
  });

  it('are those of the own account', async () => {
    await api.createAccount('acc_2');
    expect((await get('/v1/events?messageId=m&accountId=acc_2')).status).toBe(404);
    expect((await get('/v1/events?messageId=m&accountId=acc_2', {})).status).toBe(200);
    expect((await get('/v1/events?messageId=m', {})).status).toBe(200);
    expect(api.searched.map(({ filter }) => filter.accountId)).toEqual(['acc_2', null]);
    const cannot = await api.accountKey('acc_1', 'webhooks:read');
    expect((await get('/v1/events?messageId=m', { key: cannot })).status).toBe(403);
  });
});

describe('a search for a number', () => {
  const numbered = (mobileNumber: string) => {
    const { attributes: _attributes, message: _message, ...event } = testEvent({ mobileNumber });
    return {
      event,
      acceptedAt: 0,
      deliveries: { pending: 0, retrying: 0, delivered: 1, failed: 0, skipped: 0 },
    };
  };
  const warningsOf = async (asked: string): Promise<unknown> => {
    const { body } = await get(`/v1/events?mobileNumber=${encodeURIComponent(asked)}`);
    return Reflect.get(body, 'warnings');
  };

  it('says that it is for a part of one', async () => {
    api.found.push(numbered('919812345678'));
    expect(await warningsOf('5678')).toMatchObject([
      {
        code: 'partial_number',
        path: 'mobileNumber',
        message: expect.stringContaining('a part of a number'),
      },
    ]);
    for (const whole of ['919812345678', '+91 98123-45678', '00919812345678']) {
      expect(await warningsOf(whole)).toBeUndefined();
    }
  });

  it('says that it has no country code, where nothing came in too', async () => {
    expect(await warningsOf('09812345678')).toMatchObject([{ code: 'no_country_code' }]);
    expect(await warningsOf('9812345678')).toMatchObject([{ code: 'partial_number' }]);
    expect(await warningsOf('678')).toMatchObject([{ code: 'too_few_digits' }]);
  });
});

describe('where an event went', () => {
  it('is told for each webhook of the account, those that got it first', async () => {
    const create = async (body: object, caller = key) =>
      String((await api.call('POST', '/v1/webhooks', body, { key: caller })).body.id);
    const got = await create(smsDlr);
    const other = await create(whatsappMo);
    await create(smsDlr, await api.accountKey('acc_2', 'webhooks:write'));
    const delivery = sampleDelivery('acc_1', got);
    api.deliveries.set('dlv_1', { ...delivery, acceptedAt: api.services.clock.now() + 1 });
    expect((await get('/v1/events/evt_1/routing')).body).toEqual({
      data: [
        {
          ...{ webhookId: got, url: smsDlr.url, matched: true, delivered: 'dlv_1', reason: null },
          text: 'It is for SMS, DLR: the event matches.',
        },
        {
          ...{ webhookId: other, url: whatsappMo.url, matched: false, delivered: null },
          ...{ reason: 'other_product', text: 'It is for WhatsApp; the event is of SMS.' },
        },
      ],
    });
  });

  it('is not told of an event that there is not, or that is of another account', async () => {
    api.deliveries.set('dlv_1', sampleDelivery('acc_1'));
    expect((await get('/v1/events/evt_2/routing')).status).toBe(404);
    const other = await api.accountKey('acc_2', 'deliveries:read');
    expect((await get('/v1/events/evt_1/routing', { key: other })).status).toBe(404);
    expect((await get('/v1/events/evt_1/routing', {})).status).toBe(200);
  });
});
