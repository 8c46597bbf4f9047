import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayFixture, openGateway, operatorKey } from '../src/testing/gateway-fixture.ts';
import { type LiveClient, openLive } from '../src/testing/live-client.ts';
import { createReceiver, type Receiver } from '../src/testing/receiver/receiver.ts';

let gateway: GatewayFixture;
let receiver: Receiver;
beforeEach(async () => {
  gateway = await openGateway();
  receiver = await createReceiver();
});
afterEach(async () => {
  await gateway[Symbol.asyncDispose]();
  await receiver.close();
});

const listen = (query = '', key: string | null = operatorKey): Promise<LiveClient> =>
  openLive(`${gateway.gateway.url}/v1/live${query}`, key);

async function openAccount() {
  const accountId = await gateway.createAccount();
  await gateway.createWebhook(accountId, { url: `${receiver.url}/${accountId}` });
  const event = { accountId, product: 'sms', reportType: 'dlr', status: 'delivered' };
  return {
    accountId,
    send: (...messageIds: string[]) =>
      gateway.accept(messageIds.map((messageId) => ({ ...event, messageId }))),
  };
}

async function listed(): Promise<readonly object[]> {
  return (await gateway.api<{ data: object[] }>('GET', '/v1/deliveries')).body.data;
}

describe('the live stream', () => {
  it('shows every delivery as the list shows it then', async () => {
    const { send } = await openAccount();
    await using client = await listen();
    receiver.play([200, 503]);
    await send('m1');
    const first = await client.next();
    expect([first?.name, first?.data]).toEqual(['delivery', (await listed())[0]]);
    await send('m2');
    const second = await client.next();
    expect(second?.data).toMatchObject({ messageId: 'm2', state: 'retrying', statusCode: 503 });
    expect(second?.data).toEqual((await listed())[0]);
  });

  it('shows the replay of a delivery', async () => {
    const { send } = await openAccount();
    await using client = await listen();
    await send('m1');
    const first = await client.next();
    await gateway.api('POST', `/v1/deliveries/${first?.data.id}/replay`);
    expect((await client.next())?.data).toMatchObject({
      id: first?.data.id,
      attemptCount: 2,
      state: 'delivered',
    });
  });

  it('shows reports that end unsent because more was delivered already', async () => {
    const accountId = await gateway.createAccount();
    await gateway.createWebhook(accountId, { url: receiver.url, settings: { ordered: true } });
    const report = (status: string) => ({
      ...{ accountId, product: 'sms', reportType: 'dlr', messageId: 'm', status },
    });
    await using client = await listen('?state=skipped');
    await gateway.accept([report('read'), report('sent')]);
    const waited = await client.next();
    expect(waited?.data).toMatchObject({ status: 'sent', state: 'skipped', stateReason: 'outdated' });
    expect(waited?.data).toEqual((await listed())[0]);
    await gateway.accept([report('delivered')]);
    const late = await client.next();
    expect(late?.data).toMatchObject({ status: 'delivered', state: 'skipped', attemptCount: 0 });
    expect(late?.data).toEqual((await listed())[0]);
  });

  it('shows a customer nothing of another', async () => {
    const [own, other] = [await openAccount(), await openAccount()];
    await using client = await listen('', await gateway.createKey(own.accountId));
    await other.send('theirs');
    await receiver.next();
    await gateway.idle();
    await own.send('mine');
    expect((await client.next())?.data).toMatchObject({ messageId: 'mine', accountId: own.accountId });
  });

  it('ends with the gateway, which does not wait for its listeners', async () => {
    await using client = await listen();
    await gateway.gateway.close();
    expect(await client.rest()).toEqual([{ name: 'closed', data: { reason: 'stopping' } }]);
  });
});
