import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabases } from '../../src/stores/postgres/testing/databases.ts';
import { eventually } from '../../src/testing/eventually.ts';
import { type GatewayFixture, openGateway } from '../../src/testing/gateway-fixture.ts';
import { createReceiver, type Receiver } from '../../src/testing/receiver/receiver.ts';
import { report } from './reports.ts';

let databases: ReturnType<typeof createTestDatabases>;
let receiver: Receiver;
let here: GatewayFixture;
let elsewhere: GatewayFixture;

beforeAll(async () => {
  databases = createTestDatabases();
  receiver = await createReceiver();
  const env = {
    HOOKWIRE_DATABASE_URL: await databases.laidOut('shared'),
    HOOKWIRE_MASTER_KEY: 'a passphrase of all of them',
  };
  here = await openGateway({ env });
  elsewhere = await openGateway({ env });
});
afterAll(async () => {
  await elsewhere[Symbol.asyncDispose]();
  await here[Symbol.asyncDispose]();
  await receiver.close();
  await databases.remove();
});

let messages = 0;
const callWith = (key: string, accountId: string) => {
  const { accountId: _, ...event } = report(accountId, `message-${messages++}`);
  return here.api('POST', '/v1/events', event, key);
};
const paths = (): string[] => receiver.requests.map(({ path }) => path);

/** Hands in events here until one of them is sent to this path. */
async function arrivesAt(path: string, key: string, accountId: string): Promise<void> {
  await eventually(
    async () => {
      await callWith(key, accountId);
      return paths();
    },
    (all) => all.includes(path),
  );
}

it('accounts, keys and webhooks that are made and changed at one gateway hold at another', async () => {
  const accountId = await elsewhere.createAccount();
  const key = await elsewhere.createKey(accountId);
  const { id } = await elsewhere.createWebhook(accountId, { url: `${receiver.url}/first` });
  await eventually(
    () => callWith(key, accountId),
    ({ status }) => status === 202,
  );
  await arrivesAt('/first', key, accountId);

  const { body } = await elsewhere.api<Record<string, unknown>>('GET', `/v1/webhooks/${id}`);
  const { product, reportType, method, parameterNames } = body;
  const changed = await elsewhere.api('PUT', `/v1/webhooks/${id}`, {
    ...{ product, reportType, method, parameterNames, url: `${receiver.url}/second` },
  });
  expect(changed.status).toBe(200);
  await arrivesAt('/second', key, accountId);

  const { body: keys } = await elsewhere.api<{ data: { id: string }[] }>(
    'GET',
    `/v1/accounts/${accountId}/keys`,
  );
  await elsewhere.api('DELETE', `/v1/accounts/${accountId}/keys/${keys.data[0]?.id}`);
  await eventually(
    () => callWith(key, accountId),
    ({ status }) => status === 401,
  );
});
