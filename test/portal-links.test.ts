import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayFixture, openGateway } from '../src/testing/gateway-fixture.ts';
import { createManualClock, type ManualClock } from '../src/testing/manual-clock.ts';

interface Link {
  readonly id: string;
  readonly url: string;
  readonly expiresAt: string;
}
interface Entered {
  readonly token: string;
  readonly expiresAt: string;
  readonly code?: string;
}

const minute = 60_000;

let clock: ManualClock;
let hookwire: GatewayFixture;
let accountId: string;
beforeEach(async () => {
  clock = createManualClock();
  hookwire = await openGateway({
    clock,
    env: {
      HOOKWIRE_PUBLIC_URL: 'https://hooks.example.com',
      HOOKWIRE_PORTAL_FRAME_ORIGINS: 'https://console.example.com',
    },
  });
  accountId = await hookwire.createAccount();
});
afterEach(() => hookwire[Symbol.asyncDispose]());

async function link(body: object = {}): Promise<Link & { readonly linkToken: string }> {
  const answer = await hookwire.api<Link>('POST', `/v1/accounts/${accountId}/portal-links`, body);
  expect(answer.status).toBe(201);
  const linkToken = new URLSearchParams(new URL(answer.body.url).hash.slice(1)).get('token') ?? '';
  return { ...answer.body, linkToken };
}

async function open(token: string): Promise<{ status: number; body: Entered }> {
  return hookwire.api<Entered>('POST', '/v1/session/portal-link', { token }, null);
}

async function statusOf(method: string, path: string, key: string, body?: unknown): Promise<number> {
  return (await hookwire.api(method, path, body, key)).status;
}

describe('a portal link', () => {
  it('lets a customer of the platform in, as whom the platform says', async () => {
    const made = await link({ name: 'Asha Rao', path: `/a/${accountId}/deliveries` });
    expect(made.url).toMatch(/^https:\/\/hooks\.example\.com\/enter#token=hwl_/);
    expect(made.expiresAt).toBe(new Date(clock.now() + 5 * minute).toISOString());
    const { body } = await open(made.linkToken);
    expect(body.expiresAt).toBe(new Date(clock.now() + 60 * minute).toISOString());
    const session = await hookwire.api('GET', '/v1/session', undefined, body.token);
    expect(session.body).toMatchObject({
      signedIn: true,
      via: 'portalLink',
      memberships: [{ role: 'developer', accountId, accountName: 'Acme' }],
    });
    expect(await statusOf('GET', '/v1/webhooks', body.token)).toBe(200);
  });

  it('opens once, in its time, and nothing that was forged', async () => {
    const [once, late, short] = [await link(), await link(), await link({ expiresInSeconds: 10 })];
    expect((await open(once.linkToken)).status).toBe(200);
    expect(await open(once.linkToken)).toMatchObject({ status: 410, body: { code: 'link_expired' } });
    clock.advance(10_000);
    expect((await open(short.linkToken)).status).toBe(410);
    clock.advance(5 * minute - 10_000);
    expect((await open(late.linkToken)).status).toBe(410);
    const { linkToken } = await link();
    const [content = '', signature = ''] = linkToken.slice(4).split('.');
    const forged = JSON.stringify({
      ...JSON.parse(Buffer.from(content, 'base64url').toString()),
      role: 'owner',
    });
    const other = `hwl_${Buffer.from(forged).toString('base64url')}.${signature}`;
    expect((await open(other)).status).toBe(410);
    expect((await open(linkToken)).status).toBe(200);
  });

  it('stays used, and its guest stays in, when the gateway is started again', async () => {
    const made = await link();
    const { body } = await open(made.linkToken);
    await hookwire.restart();
    expect((await open(made.linkToken)).status).toBe(410);
    expect(await statusOf('GET', '/v1/webhooks', body.token)).toBe(200);
    const audit = await hookwire.api<{ data: { action: string; actor: { id: string } }[] }>(
      'GET',
      `/v1/audit?accountId=${accountId}`,
    );
    expect(audit.body.data.map(({ action }) => action)).toEqual([
      'portalLink.used',
      'portalLink.created',
      'account.created',
    ]);
    expect(audit.body.data[0]?.actor.id).toBe(made.id);
  });

  it('ends with its time, and with its account', async () => {
    const brief = (await open((await link({ sessionMinutes: 1 })).linkToken)).body.token;
    const long = (await open((await link({ sessionMinutes: 720 })).linkToken)).body.token;
    expect(await statusOf('GET', '/v1/webhooks', brief)).toBe(200);
    clock.advance(minute);
    expect(await statusOf('GET', '/v1/webhooks', brief)).toBe(401);
    expect(await statusOf('GET', '/v1/webhooks', long)).toBe(200);
    const unused = await link();
    await hookwire.api('DELETE', `/v1/accounts/${accountId}`);
    expect(await statusOf('GET', '/v1/webhooks', long)).toBe(401);
    expect((await open(unused.linkToken)).status).toBe(410);
  });

  it('shows nothing of another account, and lets a viewer change nothing', async () => {
    const other = await hookwire.createAccount();
    const theirs = await hookwire.createWebhook(other, { url: 'https://example.com/dlr' });
    const mine = await hookwire.createWebhook(accountId, { url: 'https://example.com/dlr' });
    const owner = (await open((await link({ role: 'owner' })).linkToken)).body.token;
    const viewer = (await open((await link({ role: 'viewer' })).linkToken)).body.token;
    expect(await statusOf('GET', `/v1/webhooks/${mine.id}`, viewer)).toBe(200);
    expect(await statusOf('POST', `/v1/webhooks/${mine.id}/disable`, viewer)).toBe(403);
    expect(await statusOf('GET', `/v1/webhooks/${theirs.id}`, owner)).toBe(404);
    expect(await statusOf('GET', `/v1/webhooks?accountId=${other}`, owner)).toBe(404);
    expect(await statusOf('POST', `/v1/accounts/${other}/portal-links`, owner, {})).toBe(404);
    expect(await statusOf('POST', `/v1/accounts/${accountId}/portal-links`, owner, {})).toBe(403);
    expect(await statusOf('POST', '/v1/accounts/acc_none/portal-links', 'op_0123456789abcdef', {})).toBe(404);
  });

  describe('of an owner', () => {
    const key = { name: 'kept', scopes: ['admin'] };
    const person = { email: 'mallory@example.com', name: 'M', role: 'owner' };

    async function givers(token: string) {
      const colleague = { email: 'asha@example.com', name: 'A', role: 'viewer', accountId };
      const { body } = await hookwire.api<{ id: string }>('POST', '/v1/people', colleague);
      return {
        statuses: [
          await statusOf('POST', `/v1/accounts/${accountId}/keys`, token, key),
          await statusOf('POST', '/v1/people', token, person),
          await statusOf('PATCH', `/v1/people/${body.id}`, token, { role: 'owner' }),
          await statusOf('POST', `/v1/people/${body.id}/password-link`, token),
        ],
        id: body.id,
      };
    }

    it('leaves no access behind, and may take it away', async () => {
      const { token } = (await open((await link({ role: 'owner' })).linkToken)).body;
      const session = await hookwire.api('GET', '/v1/session', undefined, token);
      expect(session.body).toMatchObject({ grantsAccess: false, memberships: [{ role: 'owner' }] });
      const before = await hookwire.api<{ id: string }>('POST', `/v1/accounts/${accountId}/keys`, key);
      const { statuses, id } = await givers(token);
      expect(statuses).toEqual([403, 403, 403, 403]);
      const refused = await hookwire.api<{ detail: string }>('POST', '/v1/people', person, token);
      expect(refused.body.detail).toContain('outlast the link');
      expect(await statusOf('GET', `/v1/accounts/${accountId}/keys`, token)).toBe(200);
      expect(await statusOf('DELETE', `/v1/accounts/${accountId}/keys/${before.body.id}`, token)).toBe(204);
      expect(await statusOf('DELETE', `/v1/people/${id}`, token)).toBe(204);
    });

    it('gives access where the link was made with that', async () => {
      const made = await link({ role: 'owner', grantsAccess: true });
      const { token } = (await open(made.linkToken)).body;
      const session = await hookwire.api('GET', '/v1/session', undefined, token);
      expect(session.body).toMatchObject({ grantsAccess: true });
      expect((await givers(token)).statuses).toEqual([201, 201, 200, 201]);
      const path = `/v1/audit?accountId=${accountId}&action=portalLink.created`;
      const audit = await hookwire.api<{ data: { changes: object[] }[] }>('GET', path);
      expect(audit.body.data[0]?.changes).toContainEqual({ field: 'grantsAccess', from: null, to: true });
    });

    it('is the only one that may', async () => {
      for (const role of ['developer', 'viewer', undefined]) {
        const body = { ...(role && { role }), grantsAccess: true };
        const answer = await hookwire.api('POST', `/v1/accounts/${accountId}/portal-links`, body);
        expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'grantsAccess' }] } });
      }
    });

    it('cannot be forged to be one that may', async () => {
      const { linkToken } = await link({ role: 'owner' });
      const [content = '', signature = ''] = linkToken.slice(4).split('.');
      const forged = { ...JSON.parse(Buffer.from(content, 'base64url').toString()), grants: true };
      const other = `hwl_${Buffer.from(JSON.stringify(forged)).toString('base64url')}.${signature}`;
      expect((await open(other)).status).toBe(410);
    });
  });

  it('ends its guest’s live stream with the time', async () => {
    const { token } = (await open((await link({ sessionMinutes: 1 })).linkToken)).body;
    const answer = await fetch(`${hookwire.gateway.url}/v1/live`, {
      headers: { authorization: `Bearer ${token}` },
    });
    clock.advance(minute);
    expect(await answer.text()).toContain('event: closed\ndata: {"reason":"unauthorized"}');
  });

  it('takes pages of the portal alone', async () => {
    for (const path of ['https://evil.example', '//evil.example', '/\\evil.example', 'webhooks', '/a b']) {
      const answer = await hookwire.api('POST', `/v1/accounts/${accountId}/portal-links`, { path });
      expect(answer.status, path).toBe(422);
    }
  });

  it('opens in a frame of the platform’s own pages', async () => {
    const page = await fetch(`${hookwire.gateway.url}/enter`, { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-security-policy')).toMatch(
      /frame-ancestors https:\/\/console\.example\.com$/,
    );
  });
});
