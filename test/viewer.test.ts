import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayFixture, openGateway } from '../src/testing/gateway-fixture.ts';
import { createReceiver, type Receiver } from '../src/testing/receiver/receiver.ts';

const number = '919812345678';
const wabaNumber = '919999999999';

let hookwire: GatewayFixture;
let receiver: Receiver;
let accountId: string;
let viewer: string;
let developer: string;

async function enter(role: string): Promise<string> {
  const path = `/v1/accounts/${accountId}/portal-links`;
  const { body } = await hookwire.api<{ url: string }>('POST', path, { role });
  const token = new URLSearchParams(new URL(body.url).hash.slice(1)).get('token');
  const entered = await hookwire.api<{ token: string }>('POST', '/v1/session/portal-link', { token }, null);
  return entered.body.token;
}

beforeAll(async () => {
  hookwire = await openGateway();
  const body = `{"to":${number},"from":"+91 98123-45678","text":"00${number} tel:+${number}"}`;
  receiver = await createReceiver(() => ({ status: 200, body }));
  accountId = await hookwire.createAccount();
  await hookwire.createSender(accountId, wabaNumber);
  [viewer, developer] = [await enter('viewer'), await enter('developer')];
});
afterAll(async () => {
  await receiver.close();
  await hookwire[Symbol.asyncDispose]();
});

const smsDlr = {
  product: 'sms',
  messageId: `sms-${number}-1`,
  transactionId: 'txn-1',
  status: 'delivered',
  errorCode: '000',
  mobileNumber: `+${number}`,
  receivedTime: '2026-11-22T10:15:30.000Z',
  deliveredTime: '2026-11-22T10:15:31.000Z',
  attributes: { note: `for 0${number.slice(2)}` },
};

const whatsappMo = {
  product: 'whatsapp',
  productUniqueId: wabaNumber,
  messageId: 'wamid.1',
  mobileNumber: number,
  receivedTime: '2026-11-22T10:15:30.000Z',
  message: {
    from: number,
    id: 'wamid.1',
    timestamp: '1795342530',
    type: 'contacts',
    contacts: [{ name: { formatted_name: 'A' }, phones: [{ phone: '+91 98123 45678', wa_id: number }] }],
  },
};

describe('what a viewer gets of a delivery', () => {
  it.each([
    ['an SMS report by GET', { method: 'GET' }, { ...smsDlr, reportType: 'dlr' }],
    ['an SMS report as XML', { method: 'XML' }, { ...smsDlr, reportType: 'dlr', messageId: 'sms-2' }],
    [
      'a WhatsApp message as JSON',
      { method: 'JSON', product: 'whatsapp', reportType: 'mo', parameterNames: {} },
      { ...whatsappMo, reportType: 'mo' },
    ],
    [
      'a WhatsApp message by form',
      { method: 'POST', product: 'whatsapp', reportType: 'mo', parameterNames: {} },
      { ...whatsappMo, reportType: 'mo', messageId: 'wamid.2' },
    ],
  ])('holds no phone number, for %s', async (_what, changes, event) => {
    const webhook = await hookwire.createWebhook(accountId, { ...changes, url: `${receiver.url}/` });
    const answer = await hookwire.accept({ accountId, ...event });
    const eventId = answer.events[0]?.id;
    await receiver.next();
    await hookwire.idle();
    const list = await hookwire.api<{ data: { id: string }[] }>(
      'GET',
      `/v1/deliveries?webhookId=${webhook.id}&mobileNumber=${number}`,
      undefined,
      viewer,
    );
    expect(list.body.data).toHaveLength(1);
    const id = list.body.data[0]?.id;
    const paths = [
      `/v1/deliveries?webhookId=${webhook.id}`,
      `/v1/deliveries/${id}`,
      `/v1/deliveries/${id}/attempts/1/request`,
      `/v1/events/${eventId}`,
      `/v1/events/${eventId}/routing`,
      `/v1/events?mobileNumber=${number}`,
    ];
    const digits = number.slice(2);
    for (const path of paths) {
      const shown = await hookwire.api('GET', path, undefined, viewer);
      expect(shown.status, path).toBe(200);
      const text = JSON.stringify(shown.body).replaceAll(/[ +-]/g, '');
      expect(text, path).not.toContain(digits);
      const whole = await hookwire.api('GET', path, undefined, developer);
      const hasNumber = JSON.stringify(whole.body).includes(digits);
      expect(hasNumber, path).toBe(!path.endsWith('/routing'));
      expect(text.includes('••••5678'), path).toBe(hasNumber);
    }
    await hookwire.api('DELETE', `/v1/webhooks/${webhook.id}`);
  });

  it('keeps the account’s own Waba Number', async () => {
    const senders = await hookwire.api('GET', '/v1/senders', undefined, viewer);
    expect(JSON.stringify(senders.body)).toContain(wabaNumber);
  });
});
