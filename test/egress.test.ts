import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Resolve } from '../src/delivery/names/stand-in.ts';
import { createLog } from '../src/telemetry/log.ts';
import { eventually } from '../src/testing/eventually.ts';
import { type GatewayOptions, openGateway } from '../src/testing/gateway-fixture.ts';
import { createManualClock } from '../src/testing/manual-clock.ts';
import { createProxy, type ProxyMood } from '../src/testing/proxy.ts';
import { expired, privateAuthority, selfSigned } from '../src/testing/receiver/certificates.ts';
import { createReceiver } from '../src/testing/receiver/receiver.ts';
import { openOidcProvider } from './people/oidc-provider.ts';
import { openTab } from './people/tab.ts';

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

function keep<T extends AsyncDisposable>(one: T): T {
  opened.push(one);
  return one;
}

const everyNameIsLocal: Resolve = (_name, _options, callback) =>
  callback(null, [{ address: '127.0.0.1', family: 4 }]);

const proxied = async (...options: Parameters<typeof createProxy>) => keep(await createProxy(...options));
const receive = async (...options: Parameters<typeof createReceiver>) =>
  keep(await createReceiver(...options));

async function open(env: Readonly<Record<string, string>>, options: GatewayOptions = {}) {
  const lines: string[] = [];
  const log = createLog('debug', { write: (line) => void lines.push(line) });
  const gateway = keep(await openGateway({ log, resolve: everyNameIsLocal, ...options, env }));
  return { gateway, lines };
}

function event(accountId: string, messageId: string) {
  const product = { product: 'sms', reportType: 'dlr', status: 'delivered' };
  return { accountId, ...product, messageId, mobileNumber: '919812345678' };
}

interface Egress {
  readonly proxy: { readonly state: string; readonly trouble: { readonly class: string } | null } | null;
  readonly authorities: { readonly count: number } | null;
}

describe('with an egress proxy', () => {
  it('deliveries, tests, traces and sign-ins go through it, and what is excepted does not', async () => {
    const proxy = await proxied();
    const [endpoint, excepted, collector] = [await receive(), await receive(), await receive()];
    const provider = keep(await openOidcProvider('hookwire', 's3cret'));
    const { gateway } = await open({
      HOOKWIRE_EGRESS_PROXY: `http://me:s3cret@localhost:${proxy.port}`,
      HOOKWIRE_EGRESS_PROXY_EXCEPT: '*.inside.example',
      HOOKWIRE_OTLP_ENDPOINT: collector.url,
      HOOKWIRE_OIDC_ISSUER: provider.issuer,
      HOOKWIRE_OIDC_CLIENT_ID: 'hookwire',
      HOOKWIRE_OIDC_CLIENT_SECRET: 's3cret',
    });
    const accountId = await gateway.createAccount();
    const asked = () => proxy.asked.map(({ target }) => target);
    const place = (url: string) => new URL(url).host;

    const webhook = await gateway.createWebhook(accountId, { url: `${endpoint.url}/` });
    await gateway.accept(event(accountId, 'm1'));
    await endpoint.next();
    expect(asked()).toContain(place(endpoint.url));
    const inside = `http://hooks.inside.example:${new URL(excepted.url).port}/`;
    await gateway.createWebhook(accountId, { url: inside });
    await gateway.accept(event(accountId, 'm2'));
    await excepted.next();
    expect(asked()).not.toContain(place(excepted.url));

    const before = proxy.asked.length;
    const { body } = await gateway.api('POST', `/v1/webhooks/${webhook.id}/test`, {});
    expect(body).toMatchObject({ response: { statusCode: 200 }, error: null });
    expect(proxy.asked.length).toBeGreaterThan(before);

    await collector.next();
    expect(asked()).toContain(place(collector.url));
    await openTab(gateway).signIn();
    expect(asked()).toContain(place(provider.issuer));
    expect(proxy.asked.every(({ headers }) => headers['proxy-authorization']?.startsWith('Basic '))).toBe(
      true,
    );
  });

  it('that lets nobody out deliveries wait: no endpoint is to blame, and only the operator is told', async () => {
    const clock = createManualClock();
    const mood: { now: ProxyMood } = { now: { answer: 'HTTP/1.1 407 Who are you\r\n\r\n' } };
    const proxy = await proxied(() => mood.now);
    const endpoint = await receive();
    const url = `http://me:hunter%40two@127.0.0.1:${proxy.port}`;
    const { gateway, lines } = await open({ HOOKWIRE_EGRESS_PROXY: url }, { clock });
    const accountId = await gateway.createAccount();
    const key = await gateway.createKey(accountId, ['webhooks:write', 'webhooks:read', 'deliveries:read']);
    const webhook = await gateway.createWebhook(accountId, { url: `${endpoint.url}/` });
    const { events } = await gateway.accept(event(accountId, 'm1'));
    for (let tries = 1; tries <= 3; tries++) {
      await proxy.askedOften(tries);
      await gateway.idle();
      // Each pause is twice as long as the one before.
      clock.advance(1_000 * 2 ** (tries - 1));
    }
    await proxy.askedOften(4);
    await gateway.idle();

    expect(await gateway.deliveryOf(events[0]?.id)).toMatchObject({ state: 'pending', attemptCount: 0 });
    const shown = await gateway.api('GET', `/v1/webhooks/${webhook.id}`, undefined, key);
    expect(shown.body).toMatchObject({ status: 'enabled', failingSince: null });
    const test = await gateway.api('POST', `/v1/webhooks/${webhook.id}/test`, {}, key);
    expect(test).toMatchObject({ status: 503, body: { code: 'overloaded' } });
    expect(JSON.stringify(test.body)).toContain('cannot get out of its own network');
    expect(JSON.stringify([shown.body, test.body])).not.toMatch(/proxy|407/i);

    const { body: health } = await gateway.api<{ egress: Egress; shortage: object }>('GET', '/v1/gateway');
    expect(health.shortage).toMatchObject({ of: 'way_out' });
    expect(health.egress.proxy).toMatchObject({
      url: `http://127.0.0.1:${proxy.port}`,
      authenticates: true,
      state: 'fails',
      trouble: { class: 'authentication', detail: expect.stringContaining('(407)') },
    });
    expect(lines.join()).toContain('does not take the user and password of HOOKWIRE_EGRESS_PROXY');
    expect(lines.join() + JSON.stringify(health)).not.toMatch(/hunter|bWU6aHVudGVy/);

    mood.now = 'open';
    clock.advance(8_000);
    await endpoint.next();
    await gateway.idle();
    expect(await gateway.deliveryOf(events[0]?.id)).toMatchObject({ state: 'delivered', attemptCount: 1 });
    clock.advance(5_000);
    const after = await gateway.api<{ egress: Egress }>('GET', '/v1/gateway');
    expect(after.body.egress.proxy).toMatchObject({ state: 'works', trouble: null });
  });

  it('that cannot reach one endpoint, that endpoint fails', async () => {
    const proxy = await proxied(() => ({ answer: 'HTTP/1.1 502 Bad Gateway\r\n\r\n' }));
    const { gateway } = await open({ HOOKWIRE_EGRESS_PROXY: `http://127.0.0.1:${proxy.port}` });
    const accountId = await gateway.createAccount();
    await gateway.createWebhook(accountId, { url: 'http://127.0.0.1:9/' });
    const { events } = await gateway.accept(event(accountId, 'm1'));
    const delivery = await eventually(
      () => gateway.deliveryOf(events[0]?.id),
      ({ attemptCount }) => attemptCount === 1,
    );
    expect(delivery).toMatchObject({ state: 'retrying', errorClass: 'refused' });
    expect(delivery.attempts[0]?.errorDetail).toBe('127.0.0.1:9 cannot be reached (EHOSTUNREACH).');
  });
});

describe('with a file of private authorities', () => {
  async function withFile(
    content: string,
    overrides: GatewayOptions & { env?: Record<string, string> } = {},
  ) {
    const directory = await mkdtemp(join(tmpdir(), 'hookwire-ca-'));
    opened.push({ [Symbol.asyncDispose]: () => rm(directory, { recursive: true }) });
    const file = join(directory, 'authorities.pem');
    await writeFile(file, content);
    return { file, ...(await open({ HOOKWIRE_CA_FILE: file, ...overrides.env }, overrides)) };
  }

  it('what they have signed is trusted beside the public ones, by webhooks, traces and the proxy', async () => {
    const collector = await receive({ tls: privateAuthority });
    const [own, known] = [await receive({ tls: privateAuthority }), await receive({ tls: selfSigned })];
    const proxy = await proxied(undefined, { tls: privateAuthority });
    const { gateway, file } = await withFile(privateAuthority.ca, {
      ca: selfSigned.cert,
      env: {
        HOOKWIRE_OTLP_ENDPOINT: collector.url,
        HOOKWIRE_EGRESS_PROXY: `https://hooks.example:${proxy.port}`,
      },
    });
    const accountId = await gateway.createAccount();
    for (const endpoint of [own, known]) {
      await gateway.createWebhook(accountId, { url: `https://hooks.example:${new URL(endpoint.url).port}/` });
    }
    await gateway.accept(event(accountId, 'm1'));
    await Promise.all([own.next(), known.next(), collector.next()]);
    const { body } = await gateway.api<{ egress: Egress }>('GET', '/v1/gateway');
    expect(body.egress.authorities).toEqual({
      file,
      count: 1,
      certificates: [{ subject: 'CN=Acme Inside CA, O=Acme', expiresAt: '2100-01-01T00:00:00.000Z' }],
    });
  });

  it('nothing else is trusted', async () => {
    const endpoint = await receive({ tls: selfSigned });
    const { gateway } = await withFile(privateAuthority.ca);
    const accountId = await gateway.createAccount();
    const webhook = await gateway.createWebhook(accountId, { url: endpoint.url });
    const { body } = await gateway.api('POST', `/v1/webhooks/${webhook.id}/test`, {});
    expect(body).toMatchObject({ error: { class: 'tls' } });
  });

  it('one that has expired is told at the start', async () => {
    const { lines } = await withFile(expired.cert);
    expect(lines.join()).toContain('expired on 2021-01-01');
  });

  it('the gateway does not start where the file cannot be used', async () => {
    await expect(withFile(selfSigned.key)).rejects.toThrow(/HOOKWIRE_CA_FILE names .* no certificate/);
    await expect(open({ HOOKWIRE_CA_FILE: '/nowhere/ca.pem' })).rejects.toThrow(/does not exist/);
  });
});
