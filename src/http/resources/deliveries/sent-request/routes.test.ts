import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSecret } from '../../../../rendering/signing-secret.ts';
import { createManualClock } from '../../../../testing/manual-clock.ts';
import { sampleDelivery } from '../../../testing/deliveries.ts';
import { createHttpFixture, type HttpFixture } from '../../../testing/http-fixture.ts';
import { smsDlr } from '../../../testing/webhook-bodies.ts';

let api: HttpFixture;
let key: string;
let webhookId: string;
beforeEach(async () => {
  api = await createHttpFixture(createManualClock());
  key = await api.accountKey('acc_1', 'deliveries:read', 'webhooks:write');
  Object.assign(api.services, { createSecret });
  const customHeaders = [{ name: 'X-Api-Key', value: 'a long secret' }];
  const created = await api.call('POST', '/v1/webhooks', { ...smsDlr, customHeaders }, { key });
  webhookId = String(created.body.id);
  api.deliveries.set('dlv_1', sampleDelivery('acc_1', webhookId));
});
afterEach(() => api.app.close());

const get = (path: string, options: object = { key }) => api.call('GET', path, undefined, options);

describe('the request of an attempt', () => {
  it('comes in the form of a preview, with the values of the own headers masked', async () => {
    const { status, body } = await get('/v1/deliveries/dlv_1/attempts/1/request');
    expect([status, body]).toEqual([
      200,
      {
        method: 'GET',
        url: expect.stringMatching(
          /^https:\/\/example\.com\/dlr\?txn_id=81934341034091431&msg_id=shdgMj33hk8&/,
        ),
        headers: [
          ['user-agent', expect.stringMatching(/^Hookwire\//)],
          ['accept', '*/*'],
          ['accept-encoding', 'identity'],
          ['X-Api-Key', '••••et'],
          ['webhook-id', 'dlv_1'],
          ['webhook-timestamp', '1795342531'],
          ['webhook-signature', expect.stringMatching(/^v1,.{44}$/)],
        ],
        body: null,
        exact: true,
        note: null,
      },
    ]);
  });

  it('is not there for another number, another delivery, or another account', async () => {
    expect((await get('/v1/deliveries/dlv_1/attempts/2/request')).status).toBe(404);
    expect((await get('/v1/deliveries/dlv_2/attempts/1/request')).status).toBe(404);
    expect((await get('/v1/deliveries/dlv_1/attempts/zero/request')).status).toBe(422);
    const other = await api.accountKey('acc_2', 'deliveries:read');
    expect((await get('/v1/deliveries/dlv_1/attempts/1/request', { key: other })).status).toBe(404);
    const cannot = await api.accountKey('acc_1', 'webhooks:read');
    expect((await get('/v1/deliveries/dlv_1/attempts/1/request', { key: cannot })).status).toBe(403);
  });

  it('of a webhook that was deleted is still there', async () => {
    await api.call('DELETE', `/v1/webhooks/${webhookId}`, undefined, { key });
    expect((await get('/v1/deliveries/dlv_1/attempts/1/request')).status).toBe(200);
  });

  it('that could not be made is a conflict', async () => {
    const delivery = sampleDelivery('acc_1', webhookId);
    const attemptLog = delivery.attemptLog.map((attempt) => ({ ...attempt, errorClass: 'render' as const }));
    api.deliveries.set('dlv_1', { ...delivery, attemptLog });
    expect(await get('/v1/deliveries/dlv_1/attempts/1/request')).toMatchObject({ status: 409 });
  });
});
