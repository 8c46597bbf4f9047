import { expect } from 'vitest';
import type { Receiver } from '../../src/testing/receiver/receiver.ts';
import { second } from '../delivery/stage.ts';
import type { PortalStage } from './portal-stage.ts';

/** An account in the middle of its day: enough for every page to have something to show. */
export interface Seeded {
  readonly accountId: string;
  readonly emptyAccountId: string;
  readonly webhookId: string;
  readonly failingWebhookId: string;
  readonly eventId: string;
  readonly unmatchedEventId: string;
  readonly deliveryId: string;
}

const names = {
  transactionId: 'txn_id',
  messageId: 'msg_id',
  errorCode: 'error_code',
  mobileNumber: 'mobile',
  receivedTime: 'received_time',
  deliveredTime: 'delivered_time',
};
const waba = '919999999999';

/**
 * @param well an endpoint that answers 200
 * @param ill one that answers 500
 */
export async function seed(portal: PortalStage, well: Receiver, ill: Receiver): Promise<Seeded> {
  const { gateway, clock } = portal;

  async function made<T>(path: string, body: object): Promise<T> {
    const { status, body: answer } = await gateway.api<T>('POST', path, body);
    expect([200, 201, 202], JSON.stringify(answer)).toContain(status);
    return answer;
  }

  const { id: accountId } = await made<{ id: string }>('/v1/accounts', { name: 'Blue Courier' });
  const { id: emptyAccountId } = await made<{ id: string }>('/v1/accounts', { name: 'Fresh Bakery' });
  await made('/v1/senders', { accountId, product: 'whatsapp', productUniqueId: waba, label: 'Support' });
  await made('/v1/senders', { accountId, product: 'whatsapp', productUniqueId: '918888888888', label: null });
  await made(`/v1/accounts/${accountId}/keys`, { name: 'billing system', scopes: ['webhooks:read'] });
  await made('/v1/people', { email: 'dev@blue.example', name: 'Devi Rao', role: 'developer', accountId });
  await made('/v1/people', { email: 'owner@blue.example', name: 'Omar Khan', role: 'owner', accountId });

  const webhook = (changes: object) =>
    made<{ id: string }>('/v1/webhooks', {
      accountId,
      product: 'sms',
      reportType: 'dlr',
      method: 'POST',
      url: `${well.url}/sms/dlr`,
      parameterNames: names,
      ...changes,
    });
  const { id: webhookId } = await webhook({
    description: 'orders team',
    customParameters: [{ name: 'tenant', value: '42' }],
    customHeaders: [{ name: 'X-Api-Key', value: 's3cret-of-the-team' }],
  });
  await webhook({
    product: 'whatsapp',
    method: 'JSON',
    url: `${well.url}/whatsapp/dlr`,
    productUniqueId: waba,
    parameterNames: { ...names, readTime: 'read_time', status: 'status' },
  });
  await webhook({
    product: 'whatsapp',
    reportType: 'mo',
    method: 'JSON',
    url: `${well.url}/whatsapp/mo`,
    parameterNames: {},
  });
  const { id: failingWebhookId } = await webhook({
    product: 'whatsapp',
    reportType: 'mo',
    method: 'XML',
    url: `${ill.url}/legacy/endpoint/of/the/old/crm/inbound-messages.aspx`,
    parameterNames: {},
  });

  const sms = (n: number, changes: object = {}) => ({
    accountId,
    product: 'sms',
    reportType: 'dlr',
    messageId: `3f1c2a7e-5b9d-4c66-9a1e-${String(n).padStart(12, '0')}`,
    transactionId: `8193434103409${1000 + n}`,
    status: n % 7 === 0 ? 'failed' : 'delivered',
    errorCode: n % 7 === 0 ? '069' : '000',
    mobileNumber: `9198123${String(45678 + n)}`,
    receivedTime: new Date(clock.now() - 3_000).toISOString(),
    deliveredTime: new Date(clock.now()).toISOString(),
    ...changes,
  });
  const inbound = (n: number) => ({
    ...sms(901 + n),
    product: 'whatsapp',
    reportType: 'mo',
    productUniqueId: waba,
    messageId: `wamid.HBgMOTE5ODEyMzQ1Njc4FQIAEhgUM0E3QzFFRjY0RkUx${n}`,
    transactionId: null,
    status: null,
    errorCode: null,
    deliveredTime: null,
    profileName: 'Asha',
    message: { type: 'text', text: { body: `Where is my order ${1234 + n}?` } },
  });
  const { events } = await gateway.accept([
    ...Array.from({ length: 60 }, (_, n) => sms(n)),
    // So many that the endpoint which refuses them counts as failing.
    ...Array.from({ length: 12 }, (_, n) => inbound(n)),
  ]);
  await gateway.idle();
  // Something that no webhook wants.
  const unmatched = await gateway.accept({
    ...inbound(99),
    accountId: emptyAccountId,
    productUniqueId: null,
  });
  clock.advance(6 * second);
  await gateway.idle();

  await webhook({
    ...{ product: 'hookwire', reportType: 'operations', method: 'JSON' },
    ...{ url: `${well.url}/alerts`, parameterNames: {} },
  });
  await gateway.api('POST', '/v1/erasures', { accountId, mobileNumber: '4915112345678' });
  const eventId = events[60]?.id ?? '';
  const { body: shown } = await gateway.api<{ deliveries: { id: string; webhookId: string }[] }>(
    'GET',
    `/v1/events/${eventId}`,
  );
  return {
    accountId,
    emptyAccountId,
    webhookId,
    failingWebhookId,
    eventId,
    unmatchedEventId: unmatched.events[0]?.id ?? '',
    deliveryId: shown.deliveries.find((delivery) => delivery.webhookId === failingWebhookId)?.id ?? '',
  };
}
