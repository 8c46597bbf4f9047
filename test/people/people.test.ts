import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayFixture, openGateway } from '../../src/testing/gateway-fixture.ts';
import {
  type Browser,
  choosePassword,
  type Invited,
  invite,
  openBrowser,
  password,
  type ShownPerson,
  setUpOperator,
  signedInAs,
  tokenOf,
} from './person.ts';

let gateway: GatewayFixture;
let operator: Browser;
beforeAll(async () => {
  gateway = await openGateway();
  operator = await setUpOperator(gateway);
});
afterAll(() => gateway[Symbol.asyncDispose]());

let counted = 0;
/** An address that nobody has. */
const address = (name: string) => `${name}${++counted}@example.com`;

describe('an invitation', () => {
  it('is a link that sets a password, once', async () => {
    const acme = await gateway.createAccount();
    const email = address('asha');
    const invited = await invite(gateway, 'developer', email, acme);
    expect(invited).toMatchObject({ email, role: 'developer', accountId: acme, invited: true });
    expect(invited.link).toMatch(/\/set-password#token=/);
    expect(Date.parse(invited.linkExpiresAt ?? '') - Date.now()).toBeGreaterThan(71.9 * 3_600_000);

    const token = tokenOf(invited.link);
    const browser = openBrowser(gateway);
    const read = await browser.call('POST', '/v1/session/password-link', { token });
    expect(read.body).toMatchObject({ email, purpose: 'invitation', expiresAt: invited.linkExpiresAt });
    const set = await browser.call('POST', '/v1/session/password', { token, password, name: 'Asha' });
    expect(set.body).toMatchObject({
      signedIn: true,
      person: { name: 'Asha', email },
      memberships: [{ role: 'developer', accountId: acme }],
    });
    for (const path of ['password-link', 'password']) {
      const again = await openBrowser(gateway).call('POST', `/v1/session/${path}`, { token, password });
      expect(again).toMatchObject({ status: path === 'password' ? 410 : 422 });
    }
    expect(await openBrowser(gateway).status('POST', '/v1/session/password-link', { token })).toBe(410);
    const shown = await operator.call<ShownPerson>('GET', `/v1/people/${invited.id}`);
    expect(shown.body).toMatchObject({ name: 'Asha', invited: false });
    expect(await openBrowser(gateway).signIn(email)).toBe(200);
  });

  it('is refused where the person has a role already, and for an account that is not there', async () => {
    const acme = await gateway.createAccount();
    const email = address('asha');
    await invite(gateway, 'viewer', email, acme);
    const body = { email, name: 'A', role: 'owner', accountId: acme };
    expect(await operator.status('POST', '/v1/people', body)).toBe(409);
    const nowhere = { ...body, accountId: 'acc_none' };
    expect(await operator.call('POST', '/v1/people', nowhere)).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'accountId' }] },
    });
    expect(await operator.status('POST', '/v1/people', { ...body, role: 'operator' })).toBe(422);
  });

  it('makes one person, whatever the case of the address and however many invite at once', async () => {
    const acme = await gateway.createAccount();
    const email = address('asha');
    const body = { email, name: 'A', role: 'viewer', accountId: acme };
    const upper = { ...body, email: email.toUpperCase() };
    const both = await Promise.all([body, upper].map((each) => operator.status('POST', '/v1/people', each)));
    expect(both.sort()).toEqual([201, 409]);
    expect(await operator.status('POST', '/v1/people', upper)).toBe(409);
  });

  it('survives that others are removed at the same time', async () => {
    const acme = await gateway.createAccount();
    const gone = await Promise.all([1, 2, 3, 4].map(() => invite(gateway, 'viewer', address('gone'), acme)));
    const done = await Promise.all(
      gone.flatMap(({ id }) => [
        operator.status('DELETE', `/v1/people/${id}`),
        operator.status('POST', '/v1/people', {
          email: address('new'),
          name: 'N',
          role: 'viewer',
          accountId: acme,
        }),
      ]),
    );
    expect(done).toEqual([204, 201, 204, 201, 204, 201, 204, 201]);
  });

  it('is replaced by a newer link', async () => {
    const acme = await gateway.createAccount();
    const invited = await invite(gateway, 'viewer', address('asha'), acme);
    const newer = await operator.call<{ link: string }>('POST', `/v1/people/${invited.id}/password-link`);
    expect(newer.status).toBe(201);
    const old = { token: tokenOf(invited.link) };
    expect(await openBrowser(gateway).status('POST', '/v1/session/password-link', old)).toBe(410);
    await choosePassword(gateway, newer.body.link);
  });
});

describe('a reset link', () => {
  it('sets a new password and signs the person out everywhere else', async () => {
    const acme = await gateway.createAccount();
    const email = address('dev');
    const before = await signedInAs(gateway, 'developer', email, acme);
    expect(await before.status('GET', '/v1/webhooks')).toBe(200);
    const { body } = await operator.call<{ link: string; expiresAt: string }>(
      'POST',
      `/v1/people/${before.member.id}/password-link`,
    );
    expect(Date.parse(body.expiresAt) - Date.now()).toBeLessThanOrEqual(24 * 3_600_000);
    const read = await openBrowser(gateway).call('POST', '/v1/session/password-link', {
      token: tokenOf(body.link),
    });
    expect(read.body).toMatchObject({ purpose: 'reset' });
    expect(await before.status('GET', '/v1/webhooks')).toBe(200);

    const after = await choosePassword(gateway, body.link, 'another long password');
    expect(await after.status('GET', '/v1/webhooks')).toBe(200);
    expect(await before.status('GET', '/v1/webhooks')).toBe(401);
    expect(await openBrowser(gateway).signIn(email)).toBe(401);
    expect(await openBrowser(gateway).signIn(email, 'another long password')).toBe(200);
  });
});

describe('roles', () => {
  /** One call of each kind; those that are allowed may still fail for another reason than the role. */
  const calls = (account: string, webhook: string) =>
    ({
      'read webhooks': ['GET', `/v1/webhooks/${webhook}`],
      'list webhooks': ['GET', '/v1/webhooks'],
      'read deliveries': ['GET', '/v1/deliveries'],
      'change webhooks': ['PUT', `/v1/webhooks/${webhook}`, {}],
      'make webhooks': ['POST', '/v1/webhooks', {}],
      'delete webhooks': ['DELETE', '/v1/webhooks/wh_none'],
      'disable webhooks': ['POST', '/v1/webhooks/wh_none/disable'],
      'test webhooks': ['POST', `/v1/webhooks/${webhook}/test`, { event: 1 }],
      'read secrets': ['GET', `/v1/webhooks/${webhook}/secret`],
      'rotate secrets': ['POST', '/v1/webhooks/wh_none/secret/rotate'],
      replay: ['POST', '/v1/deliveries/dlv_none/replay'],
      'hand in events': ['POST', '/v1/events', []],
      'register numbers': ['POST', '/v1/senders', {}],
      'manage keys': ['GET', `/v1/accounts/${account}/keys`],
      'manage people': ['GET', '/v1/people'],
      'invite people': ['POST', '/v1/people', {}],
      'manage accounts': ['GET', '/v1/accounts'],
    }) as const;
  type Act = keyof ReturnType<typeof calls>;
  const reading: Act[] = ['read webhooks', 'list webhooks', 'read deliveries'];
  const developing: Act[] = [
    ...reading,
    'change webhooks',
    'make webhooks',
    'delete webhooks',
    'disable webhooks',
    'test webhooks',
    'read secrets',
    'rotate secrets',
    'replay',
  ];
  const owning: Act[] = [
    ...developing,
    'hand in events',
    'register numbers',
    'manage keys',
    'manage people',
    'invite people',
  ];

  it.each([
    ['viewer', reading],
    ['developer', developing],
    ['owner', owning],
    ['operator', [...owning, 'manage accounts' as Act]],
  ])('let a %s do what the role says, and nothing else', async (role, allowed) => {
    const account = await gateway.createAccount();
    const { id } = await gateway.createWebhook(account, { url: 'https://example.com/x' });
    const isOperator = role === 'operator';
    const browser = await signedInAs(gateway, role, address(role), isOperator ? undefined : account);
    const headers: Record<string, string> = isOperator ? { 'hookwire-account': account } : {};
    const may: string[] = [];
    for (const [act, [method, path, body]] of Object.entries(calls(account, id))) {
      const status = await browser.status(method, path, body, headers);
      expect([act, status]).not.toEqual([act, 401]);
      if (status !== 403) may.push(act);
    }
    expect(may.sort()).toEqual([...allowed].sort());
  });

  it('change at once', async () => {
    const account = await gateway.createAccount();
    const browser = await signedInAs(gateway, 'owner', address('owner'), account);
    await signedInAs(gateway, 'owner', address('other'), account);
    expect(await browser.status('GET', '/v1/people')).toBe(200);
    const change = await operator.call('PATCH', `/v1/people/${browser.member.id}`, { role: 'viewer' });
    expect(change.body).toMatchObject({ role: 'viewer' });
    expect(await browser.status('GET', '/v1/people')).toBe(403);
    expect(await browser.status('GET', '/v1/webhooks')).toBe(200);
  });

  it('end at once, with the session and the password of who has no other', async () => {
    const account = await gateway.createAccount();
    const email = address('dev');
    const browser = await signedInAs(gateway, 'developer', email, account);
    expect(await browser.status('GET', '/v1/webhooks')).toBe(200);
    expect(await operator.status('DELETE', `/v1/people/${browser.member.id}`)).toBe(204);
    expect(await browser.status('GET', '/v1/webhooks')).toBe(401);
    expect((await browser.session()).signedIn).toBe(false);
    expect(await openBrowser(gateway).signIn(email)).toBe(401);
    expect(await operator.status('DELETE', `/v1/people/${browser.member.id}`)).toBe(404);
    const again = await invite(gateway, 'viewer', email, account);
    expect(again).toMatchObject({ invited: true, link: expect.any(String) });
  });

  it('end with the account', async () => {
    const account = await gateway.createAccount();
    const other = await gateway.createAccount();
    const browser = await signedInAs(gateway, 'owner', address('owner'), account);
    const both = await signedInAs(gateway, 'owner', address('both'), account);
    await invite(gateway, 'viewer', both.member.email, other);
    expect(await browser.status('GET', '/v1/webhooks')).toBe(200);
    expect(await operator.status('DELETE', `/v1/accounts/${account}`)).toBe(202);
    expect(await browser.status('GET', '/v1/webhooks')).toBe(401);
    expect((await both.session()).memberships).toEqual([
      { role: 'viewer', accountId: other, accountName: 'Acme' },
    ]);
    expect(await both.status('GET', '/v1/webhooks', undefined, { 'hookwire-account': account })).toBe(404);
  });
});

describe('the last one who can', () => {
  it('owner stays, until there is another who can sign in', async () => {
    const account = await gateway.createAccount();
    const owner = await signedInAs(gateway, 'owner', address('owner'), account);
    const path = `/v1/people/${owner.member.id}`;
    expect(await owner.call('DELETE', path)).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(await operator.status('PATCH', path, { role: 'viewer', name: 'Nobody' })).toBe(409);
    expect((await operator.call('GET', path)).body).toMatchObject({ role: 'owner', name: owner.member.name });
    expect(await operator.status('PATCH', path, { role: 'owner' })).toBe(200);

    const invited = await invite(gateway, 'owner', address('next'), account);
    expect(await operator.status('DELETE', path)).toBe(409);
    await choosePassword(gateway, invited.link);
    expect(await operator.status('DELETE', path)).toBe(204);
  });

  it('operator stays', async () => {
    await using alone = await openGateway();
    const only = await setUpOperator(alone);
    const { body } = await only.call<{ data: ShownPerson[] }>('GET', '/v1/people');
    const path = `/v1/people/${body.data[0]?.id}`;
    expect(await only.status('DELETE', path)).toBe(409);
    expect(await only.status('PATCH', path, { role: 'owner' })).toBe(409);
    await signedInAs(alone, 'operator', 'second@example.com');
    expect(await only.status('DELETE', path)).toBe(204);
    expect(await only.status('GET', '/v1/accounts')).toBe(401);
  });

  it('owner who was only invited gives way to another', async () => {
    const account = await gateway.createAccount();
    const first = await invite(gateway, 'owner', address('typo'), account);
    expect(await operator.status('DELETE', `/v1/people/${first.id}`)).toBe(409);
    await invite(gateway, 'owner', address('right'), account);
    expect(await operator.status('DELETE', `/v1/people/${first.id}`)).toBe(204);
  });
});

describe('one account', () => {
  it('does not see another, nor its people, nor the operators', async () => {
    const ours = await gateway.createAccount();
    const theirs = await gateway.createAccount();
    const owner = await signedInAs(gateway, 'owner', address('ours'), ours);
    const stranger = await invite(gateway, 'viewer', address('theirs'), theirs);
    const { id } = await gateway.createWebhook(theirs, { url: 'https://example.com/x' });

    expect(await owner.status('GET', `/v1/webhooks/${id}`)).toBe(404);
    expect(await owner.status('GET', '/v1/webhooks', undefined, { 'hookwire-account': theirs })).toBe(404);
    expect(await owner.status('GET', `/v1/people?accountId=${theirs}`)).toBe(404);
    expect(await owner.status('GET', `/v1/accounts/${theirs}/keys`)).toBe(404);
    for (const [method, path, body] of [
      ['GET', ''],
      ['PATCH', '', { role: 'owner' }],
      ['DELETE', ''],
      ['POST', '/password-link'],
    ] as const) {
      expect(await owner.status(method, `/v1/people/${stranger.id}${path}`, body)).toBe(404);
    }
    const body = { email: address('x'), name: 'X', role: 'viewer', accountId: theirs };
    expect(await owner.status('POST', '/v1/people', body)).toBe(404);
    const { body: people } = await owner.call<{ data: ShownPerson[] }>('GET', '/v1/people');
    expect(people.data.map((each) => each.accountId)).toEqual([ours]);
  });

  it('has its own people managed by its owners, who make no operators', async () => {
    const account = await gateway.createAccount();
    const owner = await signedInAs(gateway, 'owner', address('owner'), account);
    const invited = await owner.call<Invited>('POST', '/v1/people', {
      email: address('dev'),
      name: 'Dev',
      role: 'developer',
    });
    expect(invited).toMatchObject({ status: 201, body: { accountId: account, role: 'developer' } });
    const path = `/v1/people/${invited.body.id}`;
    expect((await owner.call('PATCH', path, { name: 'Devi' })).body).toMatchObject({ name: 'Devi' });
    expect(await owner.status('POST', `${path}/password-link`)).toBe(201);
    expect(await owner.status('DELETE', path)).toBe(204);
    const op = { email: address('op'), name: 'Op', role: 'operator' };
    expect(await owner.status('POST', '/v1/people', op)).toBe(403);
    expect(await owner.status('PATCH', `/v1/people/${owner.member.id}`, { role: 'operator' })).toBe(422);
  });
});

describe('whoever belongs to several accounts', () => {
  it('names the one that a call is about', async () => {
    const one = await gateway.createAccount();
    const two = await gateway.createAccount();
    const email = address('both');
    const browser = await signedInAs(gateway, 'owner', email, one);
    const second = await invite(gateway, 'viewer', email, two);
    expect(second).toMatchObject({ link: null, linkExpiresAt: null, invited: false });

    const unnamed = await browser.call('GET', '/v1/webhooks');
    expect(unnamed).toMatchObject({ status: 422, body: { errors: [{ path: 'header.hookwire-account' }] } });
    const inOne = { 'hookwire-account': one };
    const inTwo = { 'hookwire-account': two };
    expect(await browser.status('GET', '/v1/people', undefined, inOne)).toBe(200);
    expect(await browser.status('GET', '/v1/people', undefined, inTwo)).toBe(403);
    expect(await browser.status('GET', '/v1/webhooks', undefined, inTwo)).toBe(200);
    expect((await browser.session()).memberships).toHaveLength(2);

    expect(await operator.status('DELETE', `/v1/people/${second.id}`)).toBe(204);
    expect(await browser.status('GET', '/v1/webhooks', undefined, inTwo)).toBe(404);
    expect(await browser.status('GET', '/v1/people')).toBe(200);
  });

  it('is not in the hands of the owners of one of them', async () => {
    const one = await gateway.createAccount();
    const two = await gateway.createAccount();
    const owner = await signedInAs(gateway, 'owner', address('owner'), one);
    const both = await signedInAs(gateway, 'developer', address('both'), one);
    await invite(gateway, 'owner', both.member.email, two);
    const path = `/v1/people/${both.member.id}`;
    expect(await owner.status('POST', `${path}/password-link`)).toBe(409);
    expect(await owner.status('PATCH', path, { name: 'Mallory' })).toBe(409);
    expect(await owner.status('PATCH', path, { role: 'viewer' })).toBe(200);
    expect(await operator.status('POST', `${path}/password-link`)).toBe(201);
  });

  it('comes in anew where only the owner of another account vouched for the address', async () => {
    const one = await gateway.createAccount();
    const two = await gateway.createAccount();
    const email = address('victim');
    const mallory = await signedInAs(gateway, 'owner', address('mallory'), one);
    const other = await signedInAs(gateway, 'owner', address('other'), two);
    const { body: invited } = await mallory.call<Invited>('POST', '/v1/people', {
      email,
      name: 'Victim',
      role: 'viewer',
    });
    const stolen = await choosePassword(gateway, invited.link);

    const body = { email, name: 'Victim', role: 'developer' };
    expect(await other.status('POST', '/v1/people', body)).toBe(409);
    const again = await invite(gateway, 'developer', email, two);
    expect(again.link).not.toBeNull();
    expect((await stolen.session()).signedIn).toBe(false);
    expect(await openBrowser(gateway).signIn(email)).toBe(401);
    const victim = await choosePassword(gateway, again.link, 'the right one’s password');
    expect((await victim.session()).memberships).toHaveLength(2);
    // From now on the address is confirmed.
    const three = await gateway.createAccount();
    expect((await invite(gateway, 'viewer', email, three)).link).toBeNull();
  });

  it('has to begin anew after an owner made a link for a new password', async () => {
    const one = await gateway.createAccount();
    const two = await gateway.createAccount();
    const owner = await signedInAs(gateway, 'owner', address('owner'), one);
    const dev = await signedInAs(gateway, 'developer', address('dev'), one);
    const path = `/v1/people/${dev.member.id}/password-link`;
    const { body } = await owner.call<{ link: string }>('POST', path);
    const taken = await choosePassword(gateway, body.link);
    const again = await invite(gateway, 'developer', dev.member.email, two);
    expect(again.link).not.toBeNull();
    expect((await taken.session()).signedIn).toBe(false);
  });
});

describe('an operator', () => {
  it('works in an account as one of it, with everything allowed there', async () => {
    const account = await gateway.createAccount();
    const other = await gateway.createAccount();
    const inside = { 'hookwire-account': account };
    const { id } = await gateway.createWebhook(other, { url: 'https://example.com/x' });
    expect(await operator.status('GET', `/v1/webhooks/${id}`)).toBe(200);
    expect(await operator.status('GET', `/v1/webhooks/${id}`, undefined, inside)).toBe(404);
    const sms = { name: 'k', scopes: ['admin'] };
    expect(await operator.status('POST', `/v1/accounts/${account}/keys`, sms, inside)).toBe(201);
    expect(await operator.status('POST', `/v1/accounts/${other}/keys`, sms, inside)).toBe(404);
    const dev = { email: address('dev'), name: 'Dev', role: 'developer' };
    const invited = await operator.call<Invited>('POST', '/v1/people', dev, inside);
    expect(invited.body).toMatchObject({ accountId: account });
    expect(await operator.status('GET', '/v1/webhooks', undefined, { 'hookwire-account': 'acc_none' })).toBe(
      404,
    );
  });

  it('sees everybody, by account and by role', async () => {
    const account = await gateway.createAccount();
    await invite(gateway, 'viewer', address('vera'), account);
    const list = async (query: string) =>
      (await operator.call<{ data: ShownPerson[] }>('GET', `/v1/people${query}`)).body.data;
    expect((await list(`?accountId=${account}`)).map(({ role }) => role)).toEqual(['viewer']);
    const operators = await list('?role=operator&limit=500');
    expect(operators.map(({ email }) => email)).toContain('op@example.com');
    expect(new Set(operators.map(({ accountId }) => accountId))).toEqual(new Set([null]));
    expect((await list('?limit=500')).length).toBeGreaterThan(operators.length);
  });

  it('is seen to have been there', async () => {
    const account = await gateway.createAccount();
    const viewer = await signedInAs(gateway, 'viewer', address('vera'), account);
    const seen = async () =>
      (await operator.call<ShownPerson>('GET', `/v1/people/${viewer.member.id}`)).body.lastSeenAt;
    expect(await seen()).toBeNull();
    const before = Date.now();
    await viewer.call('GET', '/v1/webhooks');
    const at = Date.parse((await seen()) ?? '');
    expect([at >= before, at <= Date.now()]).toEqual([true, true]);
  });
});
