import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReceivedRequest } from '../../src/receiver/receiver.ts';
import { eventually } from '../../src/testing/eventually.ts';
import type { ShownWebhook } from '../../src/testing/gateway-fixture.ts';
import { iso, messageOf, minute, openStage, report, type Stage, second } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

describe('a webhook', () => {
  it('that is disabled keeps its deliveries, in order, until it is enabled', async () => {
    await using endpoint = await stage.openEndpoint([200], { settings: { maxConcurrency: 1 } });
    await endpoint.call('disable');
    expect(await endpoint.webhook()).toMatchObject({ status: 'disabled', disabledReason: 'by_user' });
    const ids = Array.from({ length: 20 }, (_, i) => `m${i}`);
    await endpoint.post(...ids);
    await stage.gateway.restart();
    await stage.sendElsewhere();
    expect(endpoint.receiver.requests).toHaveLength(0);

    await endpoint.call('enable');
    expect((await endpoint.receiver.take(20)).map(messageOf)).toEqual(ids);
    await stage.gateway.idle();
  });

  it('that is deleted leaves what waits for it skipped, with the reason', async () => {
    await using endpoint = await stage.openEndpoint([500]);
    const [retrying = ''] = await endpoint.post('retrying');
    await endpoint.next();
    await endpoint.call('disable');
    const [pending = ''] = await endpoint.post('pending');
    expect((await stage.gateway.api('DELETE', `/v1/webhooks/${endpoint.webhookId}`)).status).toBe(204);
    for (const [id, attemptCount] of [
      [retrying, 1],
      [pending, 0],
    ] as const) {
      const ended = await eventually(
        () => stage.gateway.delivery(id),
        ({ state }) => state === 'skipped',
      );
      expect(ended).toMatchObject({
        stateReason: 'webhook_deleted',
        attemptCount,
        finishedAt: iso(stage.clock.now()),
      });
      expect(await stage.replay(id)).toBe(409);
    }
    expect((await stage.gateway.api('GET', `/v1/webhooks/${endpoint.webhookId}`)).status).toBe(404);
    expect(await stage.gateway.accept(report(endpoint.accountId, 'later'))).toMatchObject({
      events: [{ deliveries: 0 }],
    });
  });

  it('that is deleted in the middle of an attempt gets no further one', async () => {
    await using endpoint = await stage.openEndpoint([{ status: 500, delayMs: 2 * second }]);
    const [id = ''] = await endpoint.post('m');
    await endpoint.receiver.next();
    await stage.gateway.api('DELETE', `/v1/webhooks/${endpoint.webhookId}`);
    stage.clock.advance(2 * second);
    await stage.gateway.idle();
    expect(await stage.gateway.delivery(id)).toMatchObject({
      state: 'skipped',
      stateReason: 'webhook_deleted',
      attemptCount: 1,
      statusCode: 500,
    });
  });

  it('that is replaced sends the next attempt as it then is, and each attempt names its version', async () => {
    await using endpoint = await stage.openEndpoint([500, 200], {
      customHeaders: [{ name: 'X-Api-Key', value: 'a long secret' }],
    });
    const [id = ''] = await endpoint.post('m');
    await endpoint.next();
    const { body: shown } = await stage.gateway.api<Record<string, unknown>>(
      'GET',
      `/v1/webhooks/${endpoint.webhookId}`,
    );
    const replaced = await stage.gateway.api<ShownWebhook>('PUT', `/v1/webhooks/${endpoint.webhookId}`, {
      ...shown,
      method: 'POST',
      url: `${endpoint.receiver.url}/v2`,
      customParameters: [{ name: 'v', value: '2' }],
      settings: {},
    });
    expect(replaced).toMatchObject({ status: 200, body: { version: 2 } });
    stage.clock.advance(5 * second);
    const request = await endpoint.next();
    expect({ path: request.path, body: request.body.toString() }).toEqual({
      path: '/v2',
      body: 'txn_id=t&msg_id=m&error_code=&mobile=&received_time=&delivered_time=&v=2',
    });
    expect(request.headers).toMatchObject({
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'x-api-key': 'a long secret',
    });
    const { state, attempts } = await stage.gateway.delivery(id);
    expect(state).toBe('delivered');
    expect(attempts.map(({ webhookVersion }) => webhookVersion)).toEqual([1, 2]);
  });

  it('keeps every header value secret', async () => {
    await using endpoint = await stage.openEndpoint([200], {
      customHeaders: [{ name: 'X-Key', value: 'a long secret' }],
    });
    expect(await endpoint.webhook()).toMatchObject({ customHeaders: [{ name: 'X-Key', value: '••••et' }] });
  });
});

describe('the signing secret', () => {
  it('can be changed: both verify during the overlap, only the new one after it', async () => {
    await using endpoint = await stage.openEndpoint();
    const old = await stage.gateway.secretOf(endpoint.webhookId);
    const rotated = await stage.gateway.api<{ secret: string; previous: object[] }>(
      'POST',
      `/v1/webhooks/${endpoint.webhookId}/secret/rotate`,
      // 3 minutes: a verifier takes signatures of 5 minutes to either side of its own stage.clock.
      { overlapHours: 0.05 },
    );
    const { secret } = rotated.body;
    expect(secret).not.toBe(old);
    expect(rotated.body.previous).toEqual([
      { secret: old, publicKey: null, expiresAt: iso(stage.clock.now() + 3 * minute) },
    ]);
    const verifies = (by: string, { body, headers }: ReceivedRequest): boolean => {
      const seconds = Number(headers['webhook-timestamp']);
      const signature = new Webhook(by).sign(headers['webhook-id'] ?? '', new Date(seconds * 1000), body);
      return (headers['webhook-signature'] ?? '').split(' ').includes(signature);
    };

    await endpoint.post('during');
    const during = await endpoint.next();
    expect([verifies(old, during), verifies(secret, during)]).toEqual([true, true]);
    stage.clock.advance(3 * minute);
    await endpoint.post('after');
    const after = await endpoint.next();
    expect([verifies(old, after), verifies(secret, after)]).toEqual([false, true]);
    expect((await stage.gateway.api(`GET`, `/v1/webhooks/${endpoint.webhookId}/secret`)).body).toEqual({
      secret,
      publicKey: null,
      previous: [],
    });
  });
});
