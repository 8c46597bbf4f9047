import { afterEach, expect, it } from 'vitest';
import { type GatewayFixture, openGateway } from '../src/testing/gateway-fixture.ts';
import { createNameServer, type PlayedNameServer } from '../src/testing/name-server/name-server.ts';
import { createReceiver, type Receiver } from '../src/testing/receiver/receiver.ts';

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

function keep<T extends AsyncDisposable>(one: T): T {
  opened.push(one);
  return one;
}

async function open(
  env: (at: { server: PlayedNameServer; port: string }) => Record<string, string> = () => ({}),
): Promise<{ gateway: GatewayFixture; server: PlayedNameServer; receiver: Receiver; port: string }> {
  const server = keep(
    await createNameServer(({ name }) =>
      name.startsWith('gone') ? 'NXDOMAIN' : { addresses: ['127.0.0.1'] },
    ),
  );
  const receiver = keep(await createReceiver([200]));
  const { port } = new URL(receiver.url);
  const gateway = keep(
    await openGateway({
      env: { HOOKWIRE_DNS_SERVERS: `127.0.0.1:${server.port}`, ...env({ server, port }) },
    }),
  );
  return { gateway, server, receiver, port };
}

it('deliveries and tests look names up at the operator’s name servers', async () => {
  const { gateway, server, receiver, port } = await open();
  const accountId = await gateway.createAccount();
  await gateway.createWebhook(accountId, { url: `http://shop.example:${port}/dlr` });
  const event = { accountId, product: 'sms', reportType: 'dlr', messageId: 'm1', status: 'delivered' };
  const { events } = await gateway.accept(event);
  await receiver.next();
  await gateway.idle();
  expect(await gateway.deliveryOf(events[0]?.id)).toMatchObject({ state: 'delivered', attemptCount: 1 });
  expect(server.asked.map(({ name }) => name)).toEqual(['shop.example', 'shop.example']);

  const { id } = await gateway.createWebhook(accountId, { url: `http://gone.example:${port}/dlr` });
  const test = await gateway.api<{ error: { class: string; detail: string } }>(
    'POST',
    `/v1/webhooks/${id}/test`,
    {},
  );
  expect(test.body.error).toMatchObject({ class: 'dns' });
  expect(test.body.error.detail).toContain('There is no gone.example in DNS');
});

it('traces and sign-ins at a provider do, too', async () => {
  const { gateway, server, receiver } = await open(({ port }) => ({
    HOOKWIRE_OTLP_ENDPOINT: `http://otel.example:${port}`,
    HOOKWIRE_OIDC_ISSUER: `http://login.example:${port}`,
    HOOKWIRE_OIDC_CLIENT_ID: 'hookwire',
    HOOKWIRE_OIDC_CLIENT_SECRET: 's3cret',
  }));
  const accountId = await gateway.createAccount();
  await gateway.accept({
    accountId,
    product: 'sms',
    reportType: 'dlr',
    messageId: 'm1',
    status: 'delivered',
  });
  expect((await receiver.next()).headers.host).toMatch(/^otel\.example/);
  await gateway.api('GET', '/v1/session/oidc', undefined, null);
  expect((await receiver.next()).headers.host).toMatch(/^login\.example/);
  const asked = new Set(server.asked.map(({ name }) => name));
  expect(asked).toEqual(new Set(['otel.example', 'login.example']));
});
