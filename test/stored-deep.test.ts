import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../src/core/clock.ts';
import type { Event } from '../src/core/event.ts';
import type { ReceivedRequest } from '../src/receiver/receiver.ts';
import { createCipher } from '../src/stores/secrets/cipher.ts';
import { readMasterKeyFile } from '../src/stores/secrets/master-key-file.ts';
import { openJoinedStore } from '../src/stores/sqlite/testing/joined-store.ts';
import { nested } from '../src/testing/deep-json.ts';
import { eventually } from '../src/testing/eventually.ts';
import { testEvent } from '../src/testing/factories.ts';
import { type GatewayFixture, openGateway } from '../src/testing/gateway-fixture.ts';
import { openLive } from '../src/testing/live-client.ts';
import { createReceiver, type Receiver } from '../src/testing/receiver/receiver.ts';

/**
 * Events that an earlier version took, nested deeper than `POST /v1/events` takes now: put into the store without it.
 */
const number = '919812345678';
const wabaNumber = '919999999999';
const formats = [
  { method: 'JSON' },
  { method: 'JSON', settings: { moFormat: 'flat' } },
  { method: 'POST' },
  { method: 'XML' },
];
/** `JSON.stringify` writes lists by itself; objects with such names are what it cannot. */
const kinds = [
  ['lists', 14_000],
  ['lists', 50_000],
  ['numbered', 14_000],
] as const;

let gateway: GatewayFixture;
let receiver: Receiver;
let accountId: string;
let viewer: string;
const stored: { readonly id: string; readonly messageId: string; readonly text: string }[] = [];
const received: ReceivedRequest[] = [];

beforeAll(async () => {
  gateway = await openGateway();
  receiver = await createReceiver();
  accountId = await gateway.createAccount();
  await gateway.createSender(accountId, wabaNumber);
  const webhookIds: string[] = [];
  for (const format of formats) {
    const webhook = { product: 'whatsapp', reportType: 'mo', parameterNames: {}, url: receiver.url };
    webhookIds.push((await gateway.createWebhook(accountId, { ...webhook, ...format })).id);
  }
  await gateway.gateway.close();
  await storeDeep(webhookIds);
  await gateway.restart();
  const live = await openLive(`${gateway.gateway.url}/v1/live`, 'op_0123456789abcdef');
  received.push(...(await receiver.take(stored.length * formats.length)));
  await gateway.idle();
  // They went by the live stream as well.
  expect((await live.next())?.name).toBe('delivery');
  live.leave();
  viewer = await enterAsViewer();
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await receiver.close();
});

async function storeDeep(webhookIds: readonly string[]): Promise<void> {
  const store = await openJoinedStore({
    dataDir: gateway.dataDir,
    cipher: createCipher((await readMasterKeyFile(gateway.dataDir)) ?? ''),
    clock: systemClock,
    onDeath(error) {
      throw error;
    },
  });
  for (const [shape, depth] of kinds) {
    const text = nested(shape, depth, `"${number}"`);
    const parts: Partial<Event> = {
      ...{ accountId, product: 'whatsapp', reportType: 'mo', productUniqueId: wabaNumber, status: null },
      ...{ messageId: `${shape}-${depth}`, mobileNumber: number },
      message: `{"type":"text","text":{"body":"hi"},"deep":${text}}`,
      attributes: `{"deep":${text}}`,
    };
    const event = testEvent(parts);
    const [result] = await store.log.append([{ event, ownId: null, webhookIds }]);
    stored.push({ id: result?.eventId ?? '', messageId: event.messageId, text });
  }
  await store.close();
}

async function enterAsViewer(): Promise<string> {
  const path = `/v1/accounts/${accountId}/portal-links`;
  const { body } = await gateway.api<{ url: string }>('POST', path, { role: 'viewer' });
  const token = new URLSearchParams(new URL(body.url).hash.slice(1)).get('token');
  const entered = await gateway.api<{ token: string }>('POST', '/v1/session/portal-link', { token }, null);
  return entered.body.token;
}

/** The answer's text: what is compared must not be parsed, and compared level by level. */
async function get(path: string, key?: string): Promise<{ status: number; text: string }> {
  const authorization = `Bearer ${key ?? 'op_0123456789abcdef'}`;
  const answer = await fetch(gateway.gateway.url + path, { headers: { authorization } });
  return { status: answer.status, text: await answer.text() };
}

it('was delivered by every method, as it was stored', () => {
  const bodies = received.map(({ body }) => body.toString());
  for (const { messageId, text } of stored) {
    const own = bodies.filter((body) => body.includes(messageId));
    expect(own).toHaveLength(formats.length);
    const asForm = new URLSearchParams({ text }).toString().slice('text='.length);
    expect(own.filter((body) => body.includes(text)).length).toBe(3);
    expect(own.filter((body) => body.includes(asForm)).length).toBe(1);
  }
});

it('is in the lists, for a viewer too', async () => {
  for (const key of [undefined, viewer]) {
    const list = await get(`/v1/deliveries?limit=500&accountId=${accountId}`, key);
    expect(list.status).toBe(200);
    expect((JSON.parse(list.text) as { data: unknown[] }).data).toHaveLength(stored.length * formats.length);
    for (const { messageId } of stored) {
      const found = await get(`/v1/events?accountId=${accountId}&messageId=${messageId}`, key);
      expect({ messageId, status: found.status }).toEqual({ messageId, status: 200 });
    }
  }
});

it('is shown whole on its page, and without its number to a viewer', async () => {
  for (const { id, text } of stored) {
    const whole = await get(`/v1/events/${id}`);
    expect(whole.status).toBe(200);
    expect(whole.text.split(text)).toHaveLength(3);
    const masked = await get(`/v1/events/${id}`, viewer);
    expect(masked.status).toBe(200);
    expect(masked.text).toContain('••••••••5678');
    expect(masked.text).not.toContain(number);
  }
});

it('says where it went, and shows the request again', async () => {
  for (const { id, text } of stored) {
    expect((await get(`/v1/events/${id}/routing`)).status).toBe(200);
    const { body } = await gateway.api<{ deliveries: { id: string }[] }>('GET', `/v1/events/${id}`);
    for (const delivery of body.deliveries) {
      for (const key of [undefined, viewer]) {
        expect((await get(`/v1/deliveries/${delivery.id}`, key)).status).toBe(200);
        const shown = await get(`/v1/deliveries/${delivery.id}/attempts/1/request`, key);
        expect(shown.status).toBe(200);
        if (key === viewer) expect(shown.text).not.toContain(number);
      }
      const sent = await get(`/v1/deliveries/${delivery.id}/attempts/1/request`);
      expect((JSON.parse(sent.text) as { body: string }).body.length).toBeGreaterThan(text.length);
    }
  }
});

it('is sent again by hand and by a recover task', async () => {
  const { id } = stored.at(-1) ?? { id: '' };
  const { body } = await gateway.api<{ deliveries: { id: string; webhookId: string }[] }>(
    'GET',
    `/v1/events/${id}`,
  );
  const [first] = body.deliveries;
  expect((await gateway.api('POST', `/v1/deliveries/${first?.id}/replay`)).status).toBe(202);
  const again = await receiver.next();
  expect(again.headers['webhook-id']).toBe(first?.id);
  await gateway.idle();
  const from = new Date(Date.now() - 3_600_000).toISOString();
  const path = `/v1/webhooks/${first?.webhookId}/recover`;
  const task = await gateway.api<{ taskId: string }>('POST', path, { from, states: ['delivered'] });
  expect(task.status).toBe(202);
  await receiver.take(stored.length);
  await eventually(
    () => gateway.api<{ state: string }>('GET', `/v1/tasks/${task.body.taskId}`),
    (answer) => answer.body.state === 'done',
  );
});
