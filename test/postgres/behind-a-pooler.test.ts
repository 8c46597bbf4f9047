import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabases } from '../../src/stores/postgres/testing/databases.ts';
import {
  startTransactionPooler,
  type TransactionPooler,
} from '../../src/stores/postgres/testing/transaction-pooler.ts';
import { eventually } from '../../src/testing/eventually.ts';
import { type GatewayFixture, openGateway } from '../../src/testing/gateway-fixture.ts';
import { createReceiver, type Receiver } from '../../src/testing/receiver/receiver.ts';
import { report } from './reports.ts';

describe('two gateways behind a pooler that gives each transaction another connection', () => {
  const databases = createTestDatabases();
  let pooler: TransactionPooler;
  let receiver: Receiver;
  let isUp: boolean;
  let gateways: GatewayFixture[];

  beforeEach(async () => {
    isUp = true;
    receiver = await createReceiver(() => ({ status: isUp ? 200 : 503 }));
    const direct = await databases.of('pooled');
    pooler = await startTransactionPooler(direct);
    const env = {
      HOOKWIRE_DATABASE_URL: pooler.url,
      HOOKWIRE_DATABASE_DIRECT_URL: direct,
      HOOKWIRE_MASTER_KEY: 'a passphrase that both of them have',
      HOOKWIRE_COURIERS: '2',
      HOOKWIRE_CALLS_PER_SECOND_OF_ADDRESS: 'off',
      HOOKWIRE_CALLS_PER_SECOND_OF_KEY: 'off',
    };
    gateways = [await openGateway({ env }), await openGateway({ env })];
  });
  afterEach(async () => {
    for (const gateway of gateways) await gateway[Symbol.asyncDispose]();
    await pooler.close();
    await receiver.close();
    await databases.remove();
  });

  const statesOf = async (gateway: GatewayFixture): Promise<string[]> =>
    (await gateway.api<{ data: { state: string }[] }>('GET', '/v1/deliveries?limit=200')).body.data.map(
      ({ state }) => state,
    );

  it('accept, send in order, try again, send again and tell each other as ever, and leave nothing on a connection', async () => {
    const [one, other] = gateways as [GatewayFixture, GatewayFixture];
    const accountId = await one.createAccount();
    for (let i = 0; i < 6; i++) {
      const settings = i % 2 === 0 ? {} : { ordered: true };
      await one.createWebhook(accountId, { url: `${receiver.url}/${i}`, settings });
    }
    isUp = false;
    await one.accept(report(accountId, 'first'));
    await eventually(
      () => statesOf(other),
      (all) => all.length === 6 && all.every((state) => state === 'retrying'),
    );
    isUp = true;
    for (let i = 0; i < 5; i++) {
      await one.accept(report(accountId, `message-${i}`));
      await other.accept([report(accountId, `other-${i}`), report(accountId, `message-${i}`)]);
    }
    const { body } = await one.api<{ data: { id: string }[] }>('GET', '/v1/deliveries?messageId=first');
    for (const { id } of body.data) {
      expect((await other.api('POST', `/v1/deliveries/${id}/replay`, {})).status).toBeLessThan(300);
    }
    await eventually(
      () => statesOf(one),
      (all) => all.length === 66 && all.every((state) => state === 'delivered'),
    );
    expect(pooler.changes).toBeGreaterThan(100);
    expect(await pooler.leftOnConnections()).toEqual([]);
  });
});
