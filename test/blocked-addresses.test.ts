import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { blockedHostDetail } from '../src/core/blocked-host.ts';
import { createLog } from '../src/telemetry/log.ts';
import type { GatewayOptions } from '../src/testing/gateway-fixture.ts';
import { type GatewayFixture, openGateway } from '../src/testing/gateway-fixture.ts';
import { createReceiver } from '../src/testing/receiver/receiver.ts';

interface Problem {
  readonly errors: readonly { readonly path: string; readonly message: string }[];
}

/** Stands in for DNS: each look-up of a name gives the next of its answers; the last repeats. */
function namesOf(answers: Readonly<Record<string, readonly (readonly string[])[]>>) {
  const asked: string[] = [];
  const resolve: GatewayOptions['resolve'] = (name, _options, callback) => {
    const turn = asked.filter((before) => before === name).length;
    asked.push(name);
    const addresses = answers[name]?.[turn] ?? answers[name]?.at(-1) ?? [];
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return { asked, resolve };
}

/** Sends one report to a webhook that gives up after its first attempt. */
async function sendOnce(gateway: GatewayFixture, accountId: string, messageId = 'm') {
  const { events } = await gateway.accept({
    accountId,
    product: 'sms',
    reportType: 'dlr',
    messageId,
    status: 'delivered',
  });
  await gateway.idle();
  return await gateway.deliveryOf(events[0]?.id);
}

const privateHosts = [
  ...['127.0.0.1', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', '127.0.0.1.', '0.0.0.0'],
  ...['[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[64:ff9b::7f00:1]', '[fd00::1]'],
  ...['169.254.169.254', '10.0.0.1', '192.168.1.1', '172.16.0.1', '100.64.0.1', 'localhost', 'LocalHost'],
];

const once = { settings: { timeoutMs: 1_000, retry: { maxAttempts: 1 } } };

describe('an address that is not public', () => {
  it('is refused when a webhook is saved, and called by no test, however it is written', async () => {
    await using gateway = await openGateway({ allowNetworks: '' });
    await using receiver = await createReceiver();
    const { port } = new URL(receiver.url);
    const accountId = await gateway.createAccount();
    const { id } = await gateway.createWebhook(accountId, { url: 'https://example.com/' });
    const { body: saved } = await gateway.api<Record<string, unknown>>('GET', `/v1/webhooks/${id}`);
    const { product, reportType, method, parameterNames } = saved;
    for (const host of privateHosts) {
      const unsaved = { product, reportType, method, parameterNames, url: `http://${host}:${port}/` };
      const created = await gateway.api<Problem>('POST', '/v1/webhooks', { accountId, ...unsaved });
      const replaced = await gateway.api<Problem>('PUT', `/v1/webhooks/${id}`, unsaved);
      for (const { status, body } of [created, replaced]) {
        const paths = body.errors.map(({ path }) => path);
        expect({ host, status, paths }).toEqual({ host, status: 422, paths: ['url'] });
      }
      // A test is answered as the delivery would end.
      const trial = await gateway.api('POST', '/v1/webhooks/test', unsaved);
      expect({ host, trial }).toMatchObject({
        trial: { status: 200, body: { response: null, error: { class: 'blocked_address' } } },
      });
    }
    expect(receiver.requests).toHaveLength(0);
  });

  it('is refused when a name turns out to be one, in real sends and in tests', async () => {
    const { resolve } = namesOf({
      'loopback.example': [['127.0.0.1']],
      'intranet.example': [['10.1.2.3', '192.168.0.7']],
      'metadata.example': [['169.254.169.254']],
      'six.example': [['::1', 'fd00::1', '::ffff:127.0.0.1', '64:ff9b::7f00:1']],
    });
    const lines: { host?: string; reason?: string }[] = [];
    const log = createLog('info', { write: (line: string) => void lines.push(JSON.parse(line)) });
    await using gateway = await openGateway({ allowNetworks: '', resolve, log });
    await using receiver = await createReceiver();
    const { port } = new URL(receiver.url);
    for (const name of ['loopback', 'intranet', 'metadata', 'six']) {
      const url = `http://${name}.example:${port}/`;
      const accountId = await gateway.createAccount();
      const { id } = await gateway.createWebhook(accountId, { url, ...once });
      const delivery = await sendOnce(gateway, accountId);
      expect(delivery).toMatchObject({ state: 'failed', errorClass: 'blocked_address', statusCode: null });
      expect(delivery.attempts[0]?.errorDetail).toBe(blockedHostDetail);
      const trial = await gateway.api('POST', `/v1/webhooks/${id}/test`);
      expect(trial).toMatchObject({
        status: 200,
        body: { response: null, error: { class: 'blocked_address', detail: blockedHostDetail } },
      });
      expect(JSON.stringify(trial.body)).not.toMatch(/10\.1\.2\.3|169\.254|fd00|127\.0\.0|private address/);
    }
    expect(receiver.requests).toHaveLength(0);
    const reasons = lines.filter(({ reason }) => reason?.startsWith('resolves to'));
    expect(reasons).toMatchObject([
      { host: 'loopback.example', reason: 'resolves to 127.0.0.1, which is a loopback address' },
      { host: 'intranet.example', reason: 'resolves to 10.1.2.3, which is a private address' },
      { host: 'metadata.example' },
      { host: 'six.example' },
    ]);
  });

  it('is shown to nobody where an attempt of an earlier version holds it', async () => {
    const { resolve } = namesOf({ 'intranet.example': [['10.1.2.3']] });
    await using gateway = await openGateway({ allowNetworks: '', resolve });
    const accountId = await gateway.createAccount();
    await gateway.createWebhook(accountId, { url: 'http://intranet.example/', ...once });
    const { id } = await sendOnce(gateway, accountId);
    const db = new DatabaseSync(join(gateway.dataDir, 'hookwire.db'), { timeout: 10_000 });
    const old = 'intranet.example resolves to 10.1.2.3, which is a private address; the gateway calls …';
    expect(db.prepare('update attempts set error_detail = ?').run(old).changes).toBe(1);
    db.close();
    const key = await gateway.createKey(accountId);
    const shown = await gateway.api<{ attempts: object[] }>('GET', `/v1/deliveries/${id}`, undefined, key);
    expect(shown.body.attempts).toMatchObject([{ errorDetail: blockedHostDetail }]);
  });

  it('is refused although the webhook was saved while the operator allowed it', async () => {
    await using gateway = await openGateway();
    await using receiver = await createReceiver();
    const accountId = await gateway.createAccount();
    await gateway.createWebhook(accountId, { url: receiver.url, ...once });
    expect(await sendOnce(gateway, accountId, 'm1')).toMatchObject({ state: 'delivered' });
    await gateway.restart({ allowNetworks: '' });
    expect(await sendOnce(gateway, accountId, 'm2')).toMatchObject({
      state: 'failed',
      errorClass: 'blocked_address',
    });
    expect(receiver.requests).toHaveLength(1);
  });
});

describe('a name whose address changes', () => {
  it('is looked up once per connection, and what that gave is what is called', async () => {
    // The first answer is one that may be called, the second one is not: a check apart from the connection falls for it.
    const names = namesOf({ 'rebind.example': [['127.0.0.1'], ['10.0.0.1']] });
    await using gateway = await openGateway({ resolve: names.resolve });
    await using receiver = await createReceiver([{ status: 200, headers: { connection: 'close' } }]);
    const url = `http://rebind.example:${new URL(receiver.url).port}/`;
    const accountId = await gateway.createAccount();
    await gateway.createWebhook(accountId, { url, ...once });

    expect(await sendOnce(gateway, accountId, 'm1')).toMatchObject({ state: 'delivered' });
    expect(names.asked).toEqual(['rebind.example']);
    expect(await sendOnce(gateway, accountId, 'm2')).toMatchObject({
      state: 'failed',
      errorClass: 'blocked_address',
    });
    expect(names.asked).toEqual(['rebind.example', 'rebind.example']);
    expect(receiver.requests).toHaveLength(1);
  });

  it('is called only at those of its addresses that may be called', async () => {
    const names = namesOf({ 'mixed.example': [['10.0.0.1', '169.254.169.254', '127.0.0.1', '::1']] });
    await using gateway = await openGateway({ resolve: names.resolve });
    await using receiver = await createReceiver();
    const url = `http://mixed.example:${new URL(receiver.url).port}/`;
    const accountId = await gateway.createAccount();
    await gateway.createWebhook(accountId, { url, ...once });
    expect(await sendOnce(gateway, accountId)).toMatchObject({ state: 'delivered' });
    expect(receiver.requests[0]?.headers.host).toBe(new URL(url).host);
  });
});
