import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sequenceAt, sequenceId } from '../../../core/ids.ts';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { sampleDelivery } from '../../testing/deliveries.ts';
import { createHttpFixture, type HttpFixture } from '../../testing/http-fixture.ts';
import { smsDlr } from '../../testing/webhook-bodies.ts';

let api: HttpFixture;
let key: string;
beforeEach(async () => {
  api = await createHttpFixture(createManualClock());
  key = await api.accountKey('acc_1', 'deliveries:read', 'deliveries:replay', 'webhooks:write');
});
afterEach(() => api.app.close());

const shown = {
  id: 'dlv_1',
  eventId: 'evt_1',
  accountId: 'acc_1',
  webhookId: 'wh_1',
  product: 'sms',
  reportType: 'dlr',
  productUniqueId: null,
  messageId: 'shdgMj33hk8',
  transactionId: '81934341034091431',
  mobileNumber: '919812345678',
  status: 'delivered',
  errorCode: '000',
  state: 'retrying',
  stateReason: null,
  attemptCount: 1,
  statusCode: 503,
  errorClass: 'status',
  acceptedAt: '2026-11-22T10:15:31.000Z',
  nextAttemptAt: '2026-11-22T10:15:36.000Z',
  finishedAt: null,
  contents: 'kept',
};

describe('a list of deliveries', () => {
  it('shows each flat, and asks the history for the account of the key and the page', async () => {
    api.deliveries.set('dlv_1', sampleDelivery('acc_1'));
    const answer = await api.call('GET', '/v1/deliveries', undefined, { key });
    expect(answer.body).toEqual({ data: [shown], nextCursor: 'next' });
    expect(api.listed).toEqual([{ filter: { accountId: 'acc_1' }, page: { limit: 50, cursor: null } }]);
  });

  it('hands on every filter', async () => {
    const query = new URLSearchParams({
      webhookId: 'wh_1',
      state: 'failed',
      product: 'whatsapp',
      reportType: 'dlr',
      messageId: 'wamid.1',
      transactionId: '000',
      mobileNumber: '919812345678',
      statusCode: '503',
      errorClass: 'timeout_body',
      from: '2026-11-22T10:00:00Z',
      to: '2026-11-22t16:00:00,500+0530',
      limit: '500',
      cursor: 'abc',
    });
    const answer = await api.call('GET', `/v1/deliveries?${query}`);
    expect(answer.status).toBe(200);
    expect(api.listed).toEqual([
      {
        filter: {
          accountId: null,
          webhookId: 'wh_1',
          state: 'failed',
          product: 'whatsapp',
          reportType: 'dlr',
          messageId: 'wamid.1',
          transactionId: '000',
          mobileNumber: '919812345678',
          statusCode: 503,
          errorClass: 'timeout_body',
          from: Date.UTC(2026, 10, 22, 10),
          to: Date.UTC(2026, 10, 22, 10, 30, 0, 500),
        },
        page: { limit: 500, cursor: 'abc' },
      },
    ]);
  });

  it.each([
    ['from=yesterday', 'query.from'],
    ['to=2026-11-22', 'query.to'],
    ['to=2026-02-30T00:00:00Z', 'query.to'],
    ['state=lost', 'query.state'],
    ['statusCode=abc', 'query.statusCode'],
    ['errorClass=oops', 'query.errorClass'],
    ['status=delivered', 'query.status'],
  ])('refuses %s', async (query, path) => {
    const answer = await api.call('GET', `/v1/deliveries?${query}`, undefined, { key });
    expect(answer.body).toMatchObject({ status: 422, errors: [{ path }] });
  });
});

describe('a delivery', () => {
  it('is read with its attempts', async () => {
    api.deliveries.set('dlv_1', sampleDelivery('acc_1'));
    const answer = await api.call('GET', '/v1/deliveries/dlv_1', undefined, { key });
    expect(answer.body).toEqual({
      ...shown,
      contentsKeptUntil: '2026-12-22T10:15:31.000Z',
      keptUntil: '2027-12-27T10:15:31.000Z',
      attempts: [
        {
          number: 1,
          webhookVersion: 1,
          manual: false,
          startedAt: '2026-11-22T10:15:31.001Z',
          durationMs: 20,
          statusCode: 503,
          errorClass: 'status',
          errorDetail: null,
          responseBody: 'busy',
        },
      ],
    });
  });

  it('of another account is not there', async () => {
    api.deliveries.set('dlv_1', sampleDelivery('acc_2'));
    for (const [method, path] of [
      ['GET', '/v1/deliveries/dlv_1'],
      ['POST', '/v1/deliveries/dlv_1/replay'],
      ['GET', '/v1/deliveries/dlv_2'],
    ] as const) {
      expect((await api.call(method, path, undefined, { key })).status).toBe(404);
    }
    expect(api.told).toEqual([]);
  });

  it('is replayed while its webhook is there', async () => {
    const { body: webhook } = await api.call('POST', '/v1/webhooks', smsDlr, { key });
    const id = String(webhook.id);
    api.deliveries.set('dlv_1', sampleDelivery('acc_1', id));
    const answer = await api.call('POST', '/v1/deliveries/dlv_1/replay', undefined, { key });
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({ ...shown, webhookId: id });
    expect(api.told.at(-1)).toBe(`replay dlv_1 of ${id}`);
    await api.call('DELETE', `/v1/webhooks/${id}`, undefined, { key });
    const late = await api.call('POST', '/v1/deliveries/dlv_1/replay', undefined, { key });
    expect(late.body).toMatchObject({ status: 409, code: 'conflict' });
  });

  it('whose contents are gone says until when they were kept, and cannot be sent or shown again', async () => {
    const { body: webhook } = await api.call('POST', '/v1/webhooks', smsDlr, { key });
    const delivery = sampleDelivery('acc_1', String(webhook.id));
    const acceptedAt = Date.UTC(2026, 9, 1, 9);
    const mobileNumber = { last4: '5678', hash: 'abc' };
    const event = {
      ...delivery.event,
      ...{ mobileNumber: null, cut: { contents: 'cut', mobileNumber, identity: null } as const },
    };
    api.deliveries.set('dlv_1', { ...delivery, acceptedAt, event });
    expect((await api.call('GET', '/v1/deliveries/dlv_1', undefined, { key })).body).toMatchObject({
      contents: 'cut',
      mobileNumber: '••••5678',
      contentsKeptUntil: '2026-10-31T09:00:00.000Z',
      keptUntil: '2027-11-05T09:00:00.000Z',
    });
    const detail = expect.stringMatching(/^Its contents were kept until 2026-10-31\. .* again\.$/);
    const replay = await api.call('POST', '/v1/deliveries/dlv_1/replay', undefined, { key });
    expect(replay.body).toMatchObject({ status: 409, code: 'conflict', detail });
    const request = await api.call('GET', '/v1/deliveries/dlv_1/attempts/1/request', undefined, { key });
    expect(request.body).toMatchObject({ status: 409, code: 'conflict', detail });
    expect(api.told.filter((line) => line.startsWith('replay'))).toEqual([]);
  });

  it('that is older than the log says so, by what its id tells', async () => {
    const of = (at: number): string => sequenceId('dlv', sequenceAt(at));
    const old = of(Date.UTC(2025, 4, 3, 9));
    expect((await api.call('GET', `/v1/deliveries/${old}`, undefined, { key })).body).toMatchObject({
      status: 404,
      detail: `There is no delivery "${old}". By its id it would be of 2025-05-03, and the log is kept for 400 days: until 2026-06-07.`,
    });
    await api.call('PATCH', '/v1/accounts/acc_1', { keep: { logDays: 0 } });
    const young = of(Date.UTC(2026, 4, 3, 9));
    for (const id of [old, young]) {
      const { body } = await api.call('GET', `/v1/deliveries/${id}`, undefined, { key });
      expect(body.detail).toBe(`There is no delivery "${id}".`);
    }
  });
});
