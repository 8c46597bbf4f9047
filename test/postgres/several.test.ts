import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabases } from '../../src/stores/postgres/testing/databases.ts';
import { eventually } from '../../src/testing/eventually.ts';
import { type GatewayFixture, openGateway } from '../../src/testing/gateway-fixture.ts';
import { createReceiver, type Receiver } from '../../src/testing/receiver/receiver.ts';
import { report } from './reports.ts';

describe('several gateways on one database', () => {
  const databases = createTestDatabases();
  let env: Record<string, string>;
  let receiver: Receiver;
  let isUp: boolean;
  let gateways: GatewayFixture[];

  beforeEach(async () => {
    isUp = true;
    gateways = [];
    receiver = await createReceiver(() => ({ status: isUp ? 200 : 503 }));
    env = {
      HOOKWIRE_DATABASE_URL: await databases.of('several'),
      HOOKWIRE_MASTER_KEY: 'a passphrase that all of them have',
      HOOKWIRE_COURIERS: '2',
      HOOKWIRE_CALLS_PER_SECOND_OF_ADDRESS: 'off',
      HOOKWIRE_CALLS_PER_SECOND_OF_KEY: 'off',
    };
  });
  afterEach(async () => {
    for (const gateway of gateways) await gateway[Symbol.asyncDispose]();
    await receiver.close();
  });

  async function open(): Promise<GatewayFixture> {
    const gateway = await openGateway({ env });
    gateways.push(gateway);
    return gateway;
  }

  async function statesOf(gateway: GatewayFixture, query: string): Promise<string[]> {
    const { body } = await gateway.api<{ data: { state: string }[] }>('GET', `/v1/deliveries?${query}`);
    return body.data.map(({ state }) => state);
  }

  const untilDelivered = (gateway: GatewayFixture, messageId: string, count: number) =>
    eventually(
      () => statesOf(gateway, `messageId=${messageId}`),
      (all) => all.length === count && all.every((state) => state === 'delivered'),
    );

  it('share the webhooks, and send what any of them accepts once', async () => {
    const first = await open();
    const accountId = await first.createAccount();
    for (let i = 0; i < 20; i++) await first.createWebhook(accountId, { url: `${receiver.url}/${i}` });
    const second = await open();
    const third = await open();
    for (const [i, gateway] of [first, second, third].entries()) {
      for (let n = 0; n < 10; n++) await gateway.accept(report(accountId, `message-${i}-${n}`));
    }
    for (let i = 0; i < 3; i++) {
      for (let n = 0; n < 10; n++) await untilDelivered(first, `message-${i}-${n}`, 20);
    }
    const { requests } = receiver;
    expect(requests).toHaveLength(600);
  });

  it('go on with all that one of them had, when it stops', async () => {
    const first = await open();
    const accountId = await first.createAccount();
    for (let i = 0; i < 20; i++) await first.createWebhook(accountId, { url: `${receiver.url}/${i}` });
    const second = await open();
    isUp = false;
    await first.accept(report(accountId, 'message-1'));
    await second.accept(report(accountId, 'message-2'));
    await eventually(
      () => statesOf(second, 'state=retrying'),
      (all) => all.length === 40,
    );
    isUp = true;
    await first[Symbol.asyncDispose]();
    gateways = [second];
    await second.accept(report(accountId, 'message-3'));
    await untilDelivered(second, 'message-3', 20);
    await untilDelivered(second, 'message-1', 20);
    await untilDelivered(second, 'message-2', 20);
  });
});

it('a gateway that does not start leaves nothing of itself in the database', async () => {
  const databases = createTestDatabases();
  const env = {
    HOOKWIRE_DATABASE_URL: await databases.of('one'),
    HOOKWIRE_MASTER_KEY: 'the passphrase of the first',
  };
  const first = await openGateway({ env });
  await first.createWebhook(await first.createAccount(), { url: 'http://127.0.0.1:9/hook' });
  await first[Symbol.asyncDispose]();
  await expect(
    openGateway({ env: { ...env, HOOKWIRE_MASTER_KEY: 'another passphrase by mistake' } }),
  ).rejects.toMatchObject({ code: 'wrong_master_key' });
  const client = new pg.Client(env.HOOKWIRE_DATABASE_URL);
  await client.connect();
  const { rows } = await client.query('select name from processes').finally(() => client.end());
  expect(rows).toEqual([]);
});
