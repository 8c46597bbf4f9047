import { request } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayFixture, openGateway } from '../src/testing/gateway-fixture.ts';

interface Entry {
  readonly accountId: string | null;
  readonly actor: { readonly kind: string; readonly id: string; readonly name: string };
  readonly action: string;
  readonly target: { readonly type: string; readonly id: string; readonly name: string | null } | null;
  readonly changes: readonly { readonly field: string; readonly from: unknown; readonly to: unknown }[];
}

const password = 'correct horse battery';

let hookwire: GatewayFixture;
beforeEach(async () => {
  hookwire = await openGateway();
});
afterEach(() => hookwire[Symbol.asyncDispose]());

/** Oldest first. */
async function entries(query = ''): Promise<Entry[]> {
  const answer = await hookwire.api<{ data: Entry[] }>('GET', `/v1/audit${query}`);
  expect(answer.status).toBe(200);
  return answer.body.data.toReversed();
}

/** Calls as the portal does, and keeps the cookie. */
function openVisitor() {
  let cookie = '';
  return {
    async call(method: string, path: string, body?: object): Promise<{ status: number; body: unknown }> {
      const { url } = hookwire.gateway;
      const answer = await fetch(url + path, {
        method,
        headers: {
          cookie,
          'hookwire-csrf': '1',
          origin: url,
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      const [set] = answer.headers.getSetCookie();
      if (set) cookie = set.split(';', 1)[0] ?? '';
      const text = await answer.text();
      return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
    },
  };
}

async function invite(role: string, accountId: string): Promise<{ id: string; token: string }> {
  const body = { email: `${role}@example.com`, name: `Some ${role}`, role, accountId };
  const { body: made } = await hookwire.api<{ id: string; link: string }>('POST', '/v1/people', body);
  return { id: made.id, token: new URL(made.link).hash.replace('#token=', '') };
}

describe('the audit log of people', () => {
  it('tells of the first operator, who signs out and in again, and fails to', async () => {
    const visitor = openVisitor();
    const token = new URL(hookwire.gateway.setupLink ?? '').hash.replace('#token=', '');
    const operator = { token, name: 'Ada', email: 'ada@example.com', password };
    expect((await visitor.call('POST', '/v1/session/setup', operator)).status).toBe(200);
    expect((await visitor.call('DELETE', '/v1/session')).status).toBe(204);
    const wrong = { email: 'ada@example.com', password: 'wrong horse battery' };
    expect((await visitor.call('POST', '/v1/session', wrong)).status).toBe(401);
    const wrongField = { email: password, password };
    expect((await visitor.call('POST', '/v1/session', wrongField)).status).toBe(401);
    const right = { email: 'ada@example.com', password };
    expect((await visitor.call('POST', '/v1/session', right)).status).toBe(200);
    const change = { name: 'Ada L', currentPassword: password, newPassword: `${password} 2` };
    expect((await visitor.call('PATCH', '/v1/session/person', change)).status).toBe(200);
    const found = await entries();
    expect(found.map(({ action, actor }) => `${action} ${actor.kind} ${actor.name}`)).toEqual([
      'session.setUp person Ada',
      'session.signedOut person Ada',
      'session.signInFailed nobody ada@example.com',
      'session.signInFailed nobody (no e-mail address)',
      'session.signedIn person Ada',
      'session.profileChanged person Ada L',
    ]);
    expect(found.at(-1)?.changes).toEqual([
      { field: 'name', from: 'Ada', to: 'Ada L' },
      { field: 'password', from: '••••', to: '••••' },
    ]);
    expect(new Set(found.map(({ accountId }) => accountId))).toEqual(new Set([null]));
    expect(JSON.stringify(found)).not.toContain('horse');
  });

  it('counts failed sign-ins together, and shows whose address was tried', async () => {
    await hookwire.restart({ env: { HOOKWIRE_TRUSTED_PROXIES: '127.0.0.0/8' } });
    const token = new URL(hookwire.gateway.setupLink ?? '').hash.replace('#token=', '');
    const operator = { token, name: 'Ada', email: 'ada@example.com', password };
    expect((await openVisitor().call('POST', '/v1/session/setup', operator)).status).toBe(200);
    const fail = async (email: string, from: string) => {
      const { statusCode, body } = await request(`${hookwire.gateway.url}/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'hookwire-csrf': '1', 'x-forwarded-for': from },
        body: JSON.stringify({ email, password: 'wrong' }),
      });
      await body.dump();
      expect(statusCode).toBe(401);
    };
    for (let n = 0; n < 3; n++) await fail('eve@example.com', '203.0.113.7');
    for (let n = 0; n < 150; n++) await fail(`nobody${n}@example.com`, `2001:db9:${n.toString(16)}::1`);
    for (let n = 0; n < 9; n++) await fail('Ada@example.com', `2001:dba:${n.toString(16)}::1`);
    const found = await entries('?action=session.signInFailed&limit=500');
    expect(found).toHaveLength(102);
    const [eve, ...others] = found;
    expect(eve).toMatchObject({
      actor: { name: 'eve@example.com' },
      ip: '203.0.113.7',
      changes: [{ field: 'times', from: null, to: 3 }],
    });
    const times = (to: number) => [{ field: 'times', from: null, to }];
    expect(others.slice(-2)).toMatchObject([
      { actor: { name: '(many others)' }, ip: null, changes: times(51) },
      { actor: { name: 'Ada@example.com' }, ip: null, changes: times(9) },
    ]);
  });

  it('tells of people from the invitation to the end, in their account’s log', async () => {
    const accountId = await hookwire.createAccount();
    const { token: ownersToken } = await invite('owner', accountId);
    const { id, token } = await invite('developer', accountId);
    const [owner, developer] = [openVisitor(), openVisitor()];
    expect((await owner.call('POST', '/v1/session/password', { token: ownersToken, password })).status).toBe(
      200,
    );
    expect((await developer.call('POST', '/v1/session/password', { token, password })).status).toBe(200);
    const webhook = await hookwire.createWebhook(accountId, { url: 'https://example.com/dlr' });
    expect((await developer.call('POST', `/v1/webhooks/${webhook.id}/disable`)).status).toBe(200);
    expect((await owner.call('PATCH', `/v1/people/${id}`, { role: 'viewer' })).status).toBe(200);
    expect((await owner.call('POST', `/v1/people/${id}/password-link`)).status).toBe(201);
    expect((await owner.call('DELETE', `/v1/people/${id}`)).status).toBe(204);
    expect((await developer.call('POST', `/v1/webhooks/${webhook.id}/enable`)).status).toBe(401);

    const found = await entries(`?accountId=${accountId}`);
    expect(found.map(({ action, actor, target }) => [action, actor.name, target?.name ?? null])).toEqual([
      ['account.created', 'of the configuration', 'Acme'],
      ['person.invited', 'of the configuration', 'Some owner (owner@example.com)'],
      ['person.invited', 'of the configuration', 'Some developer (developer@example.com)'],
      ['session.passwordSet', 'Some owner', null],
      ['session.passwordSet', 'Some developer', null],
      ['webhook.created', 'of the configuration', 'https://example.com/dlr'],
      ['webhook.disabled', 'Some developer', 'https://example.com/dlr'],
      ['person.updated', 'Some owner', 'Some developer (developer@example.com)'],
      ['person.passwordLinkMade', 'Some owner', 'Some developer (developer@example.com)'],
      ['person.removed', 'Some owner', 'Some developer (developer@example.com)'],
    ]);
    const changes = found.filter(({ action }) => action.startsWith('person.')).map((entry) => entry.changes);
    expect(changes).toEqual([
      [{ field: 'role', from: null, to: 'owner' }],
      [{ field: 'role', from: null, to: 'developer' }],
      [{ field: 'role', from: 'developer', to: 'viewer' }],
      [],
      [{ field: 'role', from: 'viewer', to: null }],
    ]);
    const seen = await owner.call('GET', '/v1/audit');
    expect((seen.body as { data: unknown[] }).data).toHaveLength(found.length);
    expect(JSON.stringify(found)).not.toContain(token);
  });

  it('says what a change of a webhook changed, from the versions that are stored', async () => {
    const accountId = await hookwire.createAccount();
    const headers = (value: string) => [{ name: 'X-Api-Key', value }];
    const first = { url: 'https://example.com/dlr', customHeaders: headers('first-value-of-it') };
    const { id } = await hookwire.createWebhook(accountId, first);
    const { body } = await hookwire.api<object>('GET', `/v1/webhooks/${id}`);
    // The same mask stands for both values.
    const changed = { ...body, customHeaders: headers('other-value-of-it'), method: 'XML' };
    expect((await hookwire.api('PUT', `/v1/webhooks/${id}`, changed)).status).toBe(200);
    await hookwire.api('DELETE', `/v1/webhooks/${id}`);
    await hookwire.api('POST', `/v1/webhooks/${id}/restore`);
    const found = await entries(`?target=${id}`);
    expect(found.map(({ action }) => action)).toEqual([
      'webhook.created',
      'webhook.updated',
      'webhook.deleted',
      'webhook.restored',
    ]);
    expect(found[1]?.changes).toEqual([
      { field: 'method', from: 'JSON', to: 'XML' },
      { field: 'customHeaders.X-Api-Key', from: '••••', to: '••••' },
    ]);
    expect(JSON.stringify(found)).not.toContain('value-of-it');
  });
});
