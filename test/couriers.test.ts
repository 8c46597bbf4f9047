import { describe, expect, it } from 'vitest';
import { courierOf } from '../src/core/courier-of.ts';
import { eventually } from '../src/testing/eventually.ts';
import { type GatewayFixture, openGateway, type ShownWebhook } from '../src/testing/gateway-fixture.ts';
import { createManualClock } from '../src/testing/manual-clock.ts';
import { createReceiver } from '../src/testing/receiver/receiver.ts';

const couriers = 3;

function open(env: Record<string, string> = {}): Promise<GatewayFixture> {
  return openGateway({ env: { HOOKWIRE_COURIERS: String(couriers), ...env } });
}

function report(accountId: string, messageId: string): object {
  return { accountId, product: 'sms', reportType: 'dlr', messageId, transactionId: 't', status: 'delivered' };
}

/** An account with so many webhooks that every courier has some; each has a path of its own. */
async function manyWebhooks(
  gateway: GatewayFixture,
  url: string,
  settings: object = {},
): Promise<{ readonly accountId: string; readonly webhooks: readonly ShownWebhook[] }> {
  const accountId = await gateway.createAccount();
  const webhooks: ShownWebhook[] = [];
  while (webhooks.length < 9 || new Set(webhooks.map(({ id }) => courierOf(id, couriers))).size < couriers) {
    webhooks.push(await gateway.createWebhook(accountId, { url: `${url}/${webhooks.length}`, settings }));
  }
  return { accountId, webhooks };
}

async function states(gateway: GatewayFixture): Promise<readonly string[]> {
  const { body } = await gateway.api<{ data: { state: string }[] }>('GET', '/v1/deliveries?limit=100');
  return body.data.map(({ state }) => state);
}

describe('several couriers', () => {
  it('send everything once, each webhook its own, before a restart and after it', async () => {
    await using receiver = await createReceiver();
    await using gateway = await open();
    const { accountId, webhooks } = await manyWebhooks(gateway, receiver.url);
    const messages = ['m1', 'm2', 'm3', 'm4'];
    await gateway.accept(messages.slice(0, 3).map((message) => report(accountId, message)));
    await gateway.idle();
    await gateway.restart();
    await gateway.accept(report(accountId, 'm4'));
    await gateway.idle();
    const sent = receiver.requests.map(
      ({ path, body }) => `${path} ${(JSON.parse(body.toString()) as { msg_id: string }).msg_id}`,
    );
    const wanted = webhooks.flatMap((_, i) => messages.map((message) => `/${i} ${message}`));
    expect(sent.toSorted()).toEqual(wanted.toSorted());
  });

  it('tell the operator what the reference says of them, and no more', async () => {
    await using gateway = await open();
    const { body } = await gateway.api<{ delivery: object }>('GET', '/v1/gateway');
    const said = ['inFlight', 'mostInFlight', 'lanes', 'inMemory', 'openBreakers', 'disabledLanes'];
    expect(Object.keys(body.delivery).toSorted()).toEqual(said.toSorted());
  });

  it('have no more in flight together than the process may have', async () => {
    await using receiver = await createReceiver(['timeout']);
    await using gateway = await open({ HOOKWIRE_MAX_IN_FLIGHT: '7', HOOKWIRE_SHUTDOWN_TIMEOUT_MS: '0' });
    const { accountId } = await manyWebhooks(gateway, receiver.url);
    await gateway.accept(Array.from({ length: 20 }, (_, i) => report(accountId, `m${i}`)));
    const status = await eventually(
      () => gateway.gateway.dispatcher.status(),
      ({ onTheWay, inFlight }) => onTheWay === 0 && inFlight > 0 && receiver.requests.length >= inFlight,
    );
    expect(status.mostInFlight).toBe(7);
    expect(receiver.requests.length).toBeLessThanOrEqual(7);
  });

  it('send as a webhook is when it was changed before the event came', async () => {
    await using receiver = await createReceiver();
    await using gateway = await open();
    const { accountId, webhooks } = await manyWebhooks(gateway, receiver.url);
    const [{ id }] = webhooks as [ShownWebhook];
    for (const other of webhooks.slice(1)) await gateway.api('DELETE', `/v1/webhooks/${other.id}`);
    for (let version = 2; version < 20; version++) {
      const shown = await gateway.api<object>('GET', `/v1/webhooks/${id}`);
      const changed = { ...shown.body, url: `${receiver.url}/v${version}` };
      expect((await gateway.api('PUT', `/v1/webhooks/${id}`, changed)).status).toBe(200);
      await gateway.accept(report(accountId, `m${version}`));
      expect((await receiver.next()).path).toBe(`/v${version}`);
    }
  });

  it('leave nothing waiting of a webhook that is deleted while its events come', async () => {
    await using receiver = await createReceiver();
    await using gateway = await open();
    const { accountId, webhooks } = await manyWebhooks(gateway, receiver.url);
    const accepting = gateway.accept(Array.from({ length: 10 }, (_, i) => report(accountId, `m${i}`)));
    for (const { id } of webhooks) await gateway.api('DELETE', `/v1/webhooks/${id}`);
    await accepting;
    const ended = await eventually(
      () => states(gateway),
      (all) => all.every((state) => state === 'delivered' || state === 'skipped'),
    );
    expect(ended.filter((state) => state === 'delivered').length).toBeLessThanOrEqual(
      receiver.requests.length,
    );
  });

  it('disable a webhook whose endpoint is gone, and send what waited when it is enabled', async () => {
    await using receiver = await createReceiver([410, 200]);
    await using gateway = await open();
    const accountId = await gateway.createAccount();
    const { id } = await gateway.createWebhook(accountId, { url: receiver.url });
    const { events } = await gateway.accept(report(accountId, 'm1'));
    await eventually(
      async () => (await gateway.api<ShownWebhook>('GET', `/v1/webhooks/${id}`)).body,
      ({ status, disabledReason }) => status === 'disabled' && disabledReason === 'gone',
    );
    const { id: deliveryId } = await gateway.deliveryOf(events[0]?.id);
    await gateway.api('POST', `/v1/webhooks/${id}/enable`);
    await gateway.api('POST', `/v1/deliveries/${deliveryId}/replay`);
    await receiver.take(2);
    await gateway.idle();
    expect(await gateway.deliveryOf(events[0]?.id)).toMatchObject({ state: 'delivered', attemptCount: 2 });
  });

  it('send once more what is asked for while it is under way', async () => {
    const theirClock = createManualClock();
    const script = [200, { status: 200, delayMs: 300 }, 200];
    await using receiver = await createReceiver({ clock: theirClock, script });
    await using gateway = await open();
    const accountId = await gateway.createAccount();
    await gateway.createWebhook(accountId, { url: receiver.url });
    const { events } = await gateway.accept(report(accountId, 'm1'));
    await receiver.next();
    await gateway.idle();
    const { id } = await gateway.deliveryOf(events[0]?.id);
    await gateway.api('POST', `/v1/deliveries/${id}/replay`);
    await receiver.next();
    expect((await gateway.delivery(id)).attemptCount).toBe(1);
    await gateway.api('POST', `/v1/deliveries/${id}/replay`);
    theirClock.advance(300);
    await receiver.next();
    await gateway.idle();
    expect(await gateway.delivery(id)).toMatchObject({ state: 'delivered', attemptCount: 3 });
    expect(receiver.requests).toHaveLength(3);
  });

  it('send what a deletion skipped when the webhook comes back at once', async () => {
    await using receiver = await createReceiver();
    await using gateway = await open();
    const accountId = await gateway.createAccount();
    const { id } = await gateway.createWebhook(accountId, { url: receiver.url });
    await gateway.api('POST', `/v1/webhooks/${id}/disable`);
    await gateway.accept(['m1', 'm2', 'm3'].map((message) => report(accountId, message)));
    expect((await gateway.api('DELETE', `/v1/webhooks/${id}`)).status).toBe(204);
    expect((await gateway.api('POST', `/v1/webhooks/${id}/restore`)).status).toBe(200);
    await gateway.api('POST', `/v1/webhooks/${id}/enable`);
    await receiver.take(3);
    const ended = await eventually(
      () => states(gateway),
      (all) => all.every((state) => state === 'delivered'),
    );
    expect(ended).toHaveLength(3);
    expect(receiver.requests).toHaveLength(3);
  });

  it('count what they sent in the metrics, and take a recover task through', async () => {
    await using receiver = await createReceiver([404]);
    await using gateway = await open();
    const { accountId, webhooks } = await manyWebhooks(gateway, receiver.url, { retry: { maxAttempts: 1 } });
    await gateway.accept([report(accountId, 'm1'), report(accountId, 'm2')]);
    await gateway.idle();
    const sent = 2 * webhooks.length;
    const { body: metrics } = await gateway.api<string>('GET', '/metrics');
    expect(metrics).toContain(
      `hookwire_attempts_total{product="sms",report_type="dlr",outcome="status"} ${sent}`,
    );
    const [{ id }] = webhooks as [ShownWebhook];
    const made = await gateway.api<{ taskId: string }>('POST', `/v1/webhooks/${id}/recover`, {
      from: new Date(Date.now() - 60_000).toISOString(),
    });
    const ended = await eventually(
      async () =>
        (await gateway.api<{ state: string; total: number }>('GET', `/v1/tasks/${made.body.taskId}`)).body,
      ({ state }) => state === 'done',
    );
    expect(ended).toMatchObject({ total: 2, failed: 2 });
    expect(receiver.requests).toHaveLength(sent + 2);
  });
});
