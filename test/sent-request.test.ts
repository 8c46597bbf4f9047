import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ReceivedRequest } from '../src/receiver/receiver.ts';
import { type GatewayFixture, openGateway } from '../src/testing/gateway-fixture.ts';
import { createReceiver, type Receiver } from '../src/testing/receiver/receiver.ts';

interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | null;
  readonly exact: boolean;
  readonly note: string | null;
}

let gateway: GatewayFixture;
let receiver: Receiver;
beforeAll(async () => {
  gateway = await openGateway();
  receiver = await createReceiver();
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await receiver.close();
});

/** A request as it was received, with the value of the webhook's own header masked. */
function asShown({ method, path, rawHeaders, body }: ReceivedRequest): Omit<SentRequest, 'exact' | 'note'> {
  const headers: [string, string][] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const [name = '', value = ''] = rawHeaders.slice(i, i + 2);
    if (['host', 'connection', 'content-length'].includes(name)) continue;
    headers.push([name, name === 'X-Api-Key' ? '••••et' : value]);
  }
  return { method, url: receiver.url + path, headers, body: method === 'GET' ? null : body.toString() };
}

it.each(['GET', 'POST', 'JSON', 'XML'])(
  'the request of an attempt by %s is what the endpoint got, byte for byte, whatever was changed since',
  async (method) => {
    const accountId = await gateway.createAccount();
    const webhook = {
      method,
      url: `${receiver.url}/a?b=%20`,
      customParameters: [{ name: 'note', value: 'a+b & <c>' }],
      customHeaders: [{ name: 'X-Api-Key', value: 'a long secret' }],
    };
    const { id } = await gateway.createWebhook(accountId, webhook);
    const event = {
      accountId,
      product: 'sms',
      reportType: 'dlr',
      messageId: 'm+1 🙂',
      mobileNumber: '919812345678',
      status: 'delivered',
    };
    const { events } = await gateway.accept({ ...event, receivedTime: '2026-11-22T10:15:30.000Z' });
    const received = await receiver.next();
    await gateway.idle();
    const delivery = await gateway.deliveryOf(events[0]?.id);

    const { body: saved } = await gateway.api<Record<string, unknown>>('GET', `/v1/webhooks/${id}`);
    const changed = { ...saved, method: 'JSON', url: `${receiver.url}/other`, customParameters: [] };
    for (const name of ['id', 'accountId', 'version', 'createdAt', 'updatedAt'])
      Reflect.deleteProperty(changed, name);
    expect((await gateway.api('PUT', `/v1/webhooks/${id}`, changed)).status).toBe(200);
    await gateway.api('POST', `/v1/webhooks/${id}/secret/rotate`, { overlapHours: 1 });

    const { status, body: shown } = await gateway.api<SentRequest>(
      'GET',
      `/v1/deliveries/${delivery.id}/attempts/1/request`,
    );
    expect(status).toBe(200);
    expect(shown).toEqual({ ...asShown(received), exact: true, note: null });
  },
);

it('events are found by their ids, and it is told why no webhook got one', async () => {
  const accountId = await gateway.createAccount();
  const settings = { statuses: ['failed'] };
  const { id } = await gateway.createWebhook(accountId, { url: receiver.url, settings });
  const event = { accountId, product: 'sms', reportType: 'dlr', messageId: 'nowhere', transactionId: 't9' };
  await gateway.accept({ ...event, status: 'delivered' });
  const path = `/v1/events?accountId=${accountId}&transactionId=t9`;
  const { body } = await gateway.api<{ data: { id: string; messageId: string }[] }>('GET', path);
  expect(body.data).toMatchObject([{ messageId: 'nowhere', deliveries: { delivered: 0, pending: 0 } }]);
  const routing = await gateway.api('GET', `/v1/events/${body.data[0]?.id}/routing?accountId=${accountId}`);
  expect(routing.body).toMatchObject({
    data: [
      {
        ...{ webhookId: id, matched: false, delivered: null, reason: 'status_not_wanted' },
        text: 'It takes only the statuses failed; the event has delivered.',
      },
    ],
  });
});

it('the health of the gateway and the figures of all webhooks tell of what was delivered', async () => {
  const accountId = await gateway.createAccount();
  const { id } = await gateway.createWebhook(accountId, { url: receiver.url });
  await gateway.accept({
    accountId,
    product: 'sms',
    reportType: 'dlr',
    messageId: 'counted',
    status: 'delivered',
  });
  await receiver.next();
  await gateway.idle();
  expect((await gateway.api('GET', `/v1/stats?accountId=${accountId}`)).body).toMatchObject({
    data: [
      { webhookId: id, attempts: 1, delivered: 1, failed: 0, successRate: 1, buckets: [{ delivered: 1 }] },
    ],
  });
  expect((await gateway.api('GET', '/v1/gateway')).body).toMatchObject({
    ...{ ready: true, delivery: { openBreakers: 0 }, webhooks: { failing: 0 } },
    store: { bytes: { database: expect.any(Number) } },
  });
});
