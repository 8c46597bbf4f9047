import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashKey } from '../../core/api-key.ts';
import type { Scope } from '../../core/scopes.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import { createHttpFixture, type HttpFixture } from '../testing/http-fixture.ts';
import { createNobody } from '../testing/nobody.ts';
import { smsDlr } from '../testing/webhook-bodies.ts';
import { createAuthenticator } from './auth.ts';

let api: HttpFixture;
beforeAll(async () => {
  api = await createHttpFixture(createManualClock());
});
afterAll(() => api.app.close());

describe('a call without a valid key', () => {
  it.each([
    ['no key', {}],
    ['another scheme', { authorization: 'Basic eDp5' }],
    ['an unknown key', { authorization: 'Bearer hw_unknown' }],
    ['an empty key', { authorization: 'Bearer ' }],
  ])('with %s is 401 and says how to sign in', async (_what, headers) => {
    const answer = await api.call('GET', '/v1/webhooks', undefined, { key: null, headers });
    expect(answer.body).toMatchObject({ status: 401, code: 'unauthorized' });
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="hookwire"');
  });

  it('is refused before its body is looked at', async () => {
    const answer = await api.call('POST', '/v1/events', '{broken', {
      key: null,
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(401);
  });

  it.each(['/healthz', '/readyz', '/metrics', '/openapi.json'])('may read %s', async (path) => {
    expect((await api.call('GET', path, undefined, { key: null })).status).toBe(200);
  });
});

const routes: [Scope, 'GET' | 'POST' | 'PUT' | 'DELETE', string][] = [
  ['events:write', 'POST', '/v1/events'],
  ['deliveries:read', 'GET', '/v1/events/evt_1'],
  ['deliveries:read', 'GET', '/v1/deliveries'],
  ['deliveries:read', 'GET', '/v1/deliveries/dlv_1'],
  ['deliveries:replay', 'POST', '/v1/deliveries/dlv_1/replay'],
  ['webhooks:read', 'GET', '/v1/webhooks'],
  ['webhooks:read', 'GET', '/v1/webhooks/wh_1'],
  ['webhooks:read', 'GET', '/v1/senders'],
  ['webhooks:write', 'POST', '/v1/webhooks'],
  ['webhooks:write', 'PUT', '/v1/webhooks/wh_1'],
  ['webhooks:write', 'DELETE', '/v1/webhooks/wh_1'],
  ['webhooks:write', 'POST', '/v1/webhooks/wh_1/enable'],
  ['webhooks:write', 'POST', '/v1/webhooks/wh_1/disable'],
  ['webhooks:write', 'POST', '/v1/webhooks/test'],
  ['webhooks:write', 'POST', '/v1/webhooks/wh_1/test'],
  ['webhooks:write', 'GET', '/v1/webhooks/wh_1/secret'],
  ['webhooks:write', 'POST', '/v1/webhooks/wh_1/secret/rotate'],
  ['admin', 'POST', '/v1/senders'],
  ['admin', 'DELETE', '/v1/senders/snd_1'],
  ['admin', 'GET', '/v1/accounts/acc_scopes/keys'],
  ['admin', 'POST', '/v1/accounts/acc_scopes/keys'],
  ['admin', 'DELETE', '/v1/accounts/acc_scopes/keys/key_1'],
];
const all: Scope[] = [
  'events:write',
  'webhooks:write',
  'webhooks:read',
  'deliveries:read',
  'deliveries:replay',
];

describe.each(routes)('the scope %s', (scope, method, path) => {
  it(`is what ${method} ${path} needs`, async () => {
    const others = all.filter((other) => other !== scope);
    const lacking = await api.call(method, path, {}, { key: await api.accountKey('acc_scopes', ...others) });
    expect(lacking.body).toMatchObject({ status: 403, code: 'forbidden' });
    expect(lacking.body.detail).toContain(`"${scope}"`);
    for (const key of [
      await api.accountKey('acc_scopes', scope),
      await api.accountKey('acc_scopes', 'admin'),
    ]) {
      expect([401, 403]).not.toContain((await api.call(method, path, {}, { key })).status);
    }
  });
});

describe('a preview', () => {
  const preview = async (...scopes: Scope[]) =>
    api.call('POST', '/v1/webhooks/preview', smsDlr, { key: await api.accountKey('acc_scopes', ...scopes) });

  it.each<[Scope]>([['webhooks:read'], ['webhooks:write'], ['admin']])(
    'needs no scope but %s',
    async (scope) => {
      expect((await preview(scope)).status).toBe(200);
    },
  );

  it('is refused to other keys, naming the scopes of which one is enough', async () => {
    expect((await preview('events:write', 'deliveries:read')).body).toMatchObject({
      status: 403,
      detail: 'The key lacks the scope "webhooks:read" or "webhooks:write" (or "admin").',
    });
  });
});

it('is refused to a key without admin where that is what it takes, named once', async () => {
  const key = await api.accountKey('acc_scopes', 'events:write');
  expect((await api.call('GET', '/v1/erasures', undefined, { key })).body).toMatchObject({
    status: 403,
    detail: 'The key lacks the scope "admin".',
  });
});

describe('an account key', () => {
  it.each<['GET' | 'POST' | 'PATCH' | 'DELETE', string]>([
    ['GET', '/v1/accounts'],
    ['POST', '/v1/accounts'],
    ['GET', '/v1/accounts/acc_a'],
    ['PATCH', '/v1/accounts/acc_a'],
    ['DELETE', '/v1/accounts/acc_a'],
  ])('may not %s %s, even with admin', async (method, path) => {
    const answer = await api.call(method, path, {}, { key: await api.accountKey('acc_a', 'admin') });
    expect(answer.body).toMatchObject({ status: 403, detail: expect.stringContaining('operator key') });
  });

  it("is told that another account's things are not there", async () => {
    await api.createAccount('acc_theirs');
    const { body: theirs } = await api.call('POST', '/v1/webhooks', { ...smsDlr, accountId: 'acc_theirs' });
    const sender = await api.call('POST', '/v1/senders', {
      accountId: 'acc_theirs',
      product: 'whatsapp',
      productUniqueId: '919999999999',
    });
    const key = await api.accountKey('acc_ours', 'admin');
    const webhook = `/v1/webhooks/${theirs.id}`;
    for (const [method, path, body] of [
      ['GET', webhook],
      ['PUT', webhook, smsDlr],
      ['DELETE', webhook],
      ['POST', `${webhook}/enable`],
      ['POST', `${webhook}/disable`],
      ['POST', `${webhook}/test`],
      ['GET', `${webhook}/secret`],
      ['POST', `${webhook}/secret/rotate`],
      ['DELETE', `/v1/senders/${sender.body.id}`],
      ['GET', '/v1/accounts/acc_theirs'],
      ['PATCH', '/v1/accounts/acc_theirs', { name: 'x' }],
      ['DELETE', '/v1/accounts/acc_theirs'],
      ['GET', '/v1/accounts/acc_none'],
      ['GET', '/v1/accounts/acc_theirs/keys'],
      ['POST', '/v1/accounts/acc_theirs/keys', { name: 'x', scopes: ['admin'] }],
      ['DELETE', '/v1/accounts/acc_theirs/keys/key_1'],
      ['GET', '/v1/webhooks?accountId=acc_theirs'],
      ['GET', '/v1/senders?accountId=acc_theirs'],
      ['GET', '/v1/deliveries?accountId=acc_theirs'],
      ['POST', '/v1/webhooks', { ...smsDlr, accountId: 'acc_theirs' }],
      ['POST', '/v1/webhooks/test', { ...smsDlr, accountId: 'acc_theirs' }],
    ] as const) {
      const answer = await api.call(method, path, body, { key });
      expect([method, path, answer.status]).toEqual([method, path, 404]);
    }
    expect((await api.call('GET', '/v1/webhooks', undefined, { key })).body.data).toEqual([]);
    expect((await api.call('GET', webhook)).status).toBe(200);
  });

  it('may name its own account', async () => {
    const key = await api.accountKey('acc_self', 'admin');
    expect(
      (await api.call('POST', '/v1/webhooks', { ...smsDlr, accountId: 'acc_self' }, { key })).status,
    ).toBe(201);
    expect(
      (await api.call('GET', '/v1/webhooks?accountId=acc_self', undefined, { key })).body.data,
    ).toHaveLength(1);
  });

  it('ends when it is deleted', async () => {
    const key = await api.accountKey('acc_end', 'webhooks:read');
    const read = () => api.call('GET', '/v1/webhooks', undefined, { key });
    expect((await read()).status).toBe(200);
    const { body: keys } = await api.call('GET', '/v1/accounts/acc_end/keys');
    const [{ id }] = keys.data as unknown as [{ id: string }];
    expect((await api.call('DELETE', `/v1/accounts/acc_end/keys/${id}`)).status).toBe(204);
    expect((await read()).status).toBe(401);
  });

  it('stays known when somebody signs out whom nobody knows', async () => {
    const key = await api.accountKey('acc_cached', 'webhooks:read');
    const { directory } = api.services;
    const { findKeys } = directory;
    let asked = 0;
    Object.assign(directory, {
      findKeys: (hashes: readonly string[]) => {
        asked++;
        return findKeys(hashes);
      },
    });
    await api.call('GET', '/v1/webhooks', undefined, { key });
    const headers = {
      cookie: 'hookwire.session_token=forged',
      'hookwire-csrf': '1',
      'sec-fetch-site': 'same-origin',
    };
    expect((await api.call('DELETE', '/v1/session', undefined, { key: null, headers })).status).toBe(204);
    await api.call('GET', '/v1/webhooks', undefined, { key });
    Object.assign(directory, { findKeys });
    expect(asked).toBe(1);
  });

  it('ends with its account', async () => {
    const key = await api.accountKey('acc_gone', 'webhooks:read');
    const read = () => api.call('GET', '/v1/webhooks', undefined, { key });
    expect((await read()).status).toBe(200);
    expect((await api.call('DELETE', '/v1/accounts/acc_gone')).status).toBe(202);
    expect((await read()).status).toBe(401);
  });
});

describe('an operator key', () => {
  it('must name the account of what it makes, in the body or the query', async () => {
    const without = await api.call('POST', '/v1/webhooks', smsDlr);
    expect(without.body).toMatchObject({ status: 422, errors: [{ path: 'accountId' }] });
    const unknown = await api.call('POST', '/v1/webhooks', { ...smsDlr, accountId: 'acc_none' });
    expect(unknown.body.errors).toEqual([{ path: 'accountId', message: 'There is no account "acc_none".' }]);
    await api.createAccount('acc_query');
    expect((await api.call('POST', '/v1/webhooks?accountId=acc_query', smsDlr)).body.accountId).toBe(
      'acc_query',
    );
  });

  it.each([
    ['/v1/webhooks', smsDlr],
    ['/v1/webhooks/preview', smsDlr],
    ['/v1/webhooks/test', smsDlr],
    ['/v1/senders', { product: 'whatsapp', productUniqueId: '919999999999' }],
  ])('that names two accounts to POST %s is refused, and one twice is not', async (path, body) => {
    await Promise.all(['acc_1', 'acc_2'].map((id) => api.createAccount(id)));
    const two = await api.call('POST', `${path}?accountId=acc_1`, { ...body, accountId: 'acc_2' });
    expect([two.status, two.body.errors]).toEqual([
      422,
      [
        {
          path: 'accountId',
          message: 'is "acc_2", but "acc_1" in the query: name one account, in one of these places.',
        },
      ],
    ]);
    const twice = await api.call('POST', `${path}?accountId=acc_1`, { ...body, accountId: 'acc_1' });
    expect(twice.status).toBeLessThan(300);
  });

  it('may be one of several in the directory', async () => {
    const made = { id: 'key_op', accountId: null, name: 'second', scopes: [], createdAt: 0 };
    await api.services.directory.createKey(made, hashKey('hw_second'));
    expect((await api.call('GET', '/v1/accounts', undefined, { key: 'hw_second' })).status).toBe(200);
  });
});

describe('the authenticator', () => {
  function counting() {
    const clock = createManualClock();
    let asked = 0;
    const authenticator = createAuthenticator({
      clock,
      operator: { isOperatorKey: () => false },
      directory: {
        async findKeys(hashes) {
          asked++;
          const key = { id: 'key_1', accountId: 'acc_1', name: '', scopes: ['admin'], createdAt: 0 } as const;
          const known = hashes.filter((hash) => hash === hashKey('hw_a'));
          return { keys: new Map(known.map((hash) => [hash, key])), deletions: 0 };
        },
        deletedKeys: async () => ({ hashes: [], deletions: 0 }),
        getAccount: async () => null,
      },
      people: createNobody(),
      portalLinks: {
        async find() {
          asked++;
          const guest = { until: clock.now() + 3_600_000, grantsAccess: false };
          const actor = { kind: 'portalLink', id: 'plk_1', name: '' } as const;
          return { accountId: 'acc_1', scopes: [], role: 'viewer', actor, masksNumbers: true, guest };
        },
      },
    });
    async function withKey(key: string) {
      const headers = { authorization: `Bearer ${key}` };
      return (await authenticator.authenticate({ method: 'GET', headers })).caller;
    }
    return { clock, authenticator, withKey, asked: () => asked };
  }

  it('asks for a key once', async () => {
    const { clock, withKey, asked } = counting();
    await withKey('hw_a');
    clock.advance(3_600_000);
    expect(await withKey('hw_a')).toEqual({
      accountId: 'acc_1',
      scopes: ['admin'],
      role: null,
      actor: { kind: 'key', id: 'key_1', name: '' },
      masksNumbers: false,
    });
    expect(asked()).toBe(1);
  });

  it('remembers who came by a link for 5 s, whatever the clock is set to', async () => {
    const { clock, withKey, asked } = counting();
    await withKey('hwp_a');
    clock.advance(4_999);
    await withKey('hwp_a');
    expect(asked()).toBe(1);
    clock.set(-86_400_000);
    clock.advance(1);
    await withKey('hwp_a');
    expect(asked()).toBe(2);
  });

  it('tells of what it forgets until nobody wants to know', () => {
    const { authenticator } = counting();
    let told = 0;
    const leave = authenticator.onForget(() => void told++);
    authenticator.forget();
    leave();
    authenticator.forget();
    expect(told).toBe(1);
  });

  it('does not remember keys that it did not find', async () => {
    const { withKey, asked } = counting();
    for (const _ of [1, 2]) await expect(withKey('hw_b')).rejects.toThrow('not known');
    expect(asked()).toBe(2);
  });
});
