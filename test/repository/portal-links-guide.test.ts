import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { newPortalLink } from '../../src/http/resources/portal-links/schema.ts';
import { type GatewayFixture, openGateway, operatorKey } from '../../src/testing/gateway-fixture.ts';

const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/portal-links.md'), 'utf8');

describe('the guide to portal links', () => {
  let directory: string;
  let hookwire: GatewayFixture;
  let site: Server;
  let origin: string;

  beforeAll(async () => {
    hookwire = await openGateway();
    vi.stubEnv('HOOKWIRE_URL', hookwire.gateway.url);
    vi.stubEnv('HOOKWIRE_KEY', operatorKey);
    directory = mkdtempSync(join(tmpdir(), 'hookwire-guide-'));
    const file = join(directory, 'site.mjs');
    writeFileSync(file, /```js\n([\s\S]*?)```/.exec(guide)?.[1] ?? '');
    ({ site } = (await import(pathToFileURL(file).href)) as { site: Server });
    site.listen(0, '127.0.0.1');
    await once(site, 'listening');
    origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    site.close();
    vi.unstubAllEnvs();
    await hookwire[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true });
  });

  it('has a back end that shows the portal to its customers, and to nobody else', async () => {
    await hookwire.api('POST', '/v1/accounts', { id: 'acme', name: 'Acme' });
    expect((await fetch(origin)).status).toBe(401);
    const page = await fetch(origin, { headers: { cookie: 'signed-in=1' } });
    expect(page.status).toBe(200);
    const url = new URL(/<iframe src="([^"]+)"/.exec(await page.text())?.[1] ?? '');
    expect(url.pathname).toBe('/enter');
    const token = new URLSearchParams(url.hash.slice(1)).get('token');
    const entered = await hookwire.api<{ token: string }>('POST', '/v1/session/portal-link', { token }, null);
    const session = await hookwire.api('GET', '/v1/session', undefined, entered.body.token);
    expect(session.body).toMatchObject({ via: 'portalLink', memberships: [{ accountId: 'acme' }] });
  });

  it('names every field of a link, with its default', () => {
    for (const [name, schema] of Object.entries(newPortalLink.properties)) {
      const row = new RegExp(`^\\| \`${name}\` \\| (.*?) \\|`, 'm').exec(guide)?.[1];
      const initial: unknown = Reflect.get(schema, 'default');
      expect(row?.replaceAll('`', ''), name).toBe(initial === undefined ? 'the webhooks' : String(initial));
    }
  });
});
