import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { request } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPasswords } from '../../src/people/passwords.ts';
import { type GatewayFixture, openGateway } from '../../src/testing/gateway-fixture.ts';
import { createManualClock } from '../../src/testing/manual-clock.ts';
import {
  type Browser,
  choosePassword,
  invite,
  openBrowser,
  password,
  setUpOperator,
  signedInAs,
  tokenOf,
} from './person.ts';

const day = 24 * 60 * 60 * 1000;

let gateway: GatewayFixture;

describe('setting the portal up', () => {
  beforeEach(async () => {
    gateway = await openGateway();
  });
  afterEach(() => gateway[Symbol.asyncDispose]());

  const operator = (token: string) => ({ token, name: 'Olga', email: 'op@example.com', password });

  it('makes the first operator by the link of the start, once', async () => {
    const browser = openBrowser(gateway);
    expect(await browser.session()).toMatchObject({ signedIn: false, setupNeeded: true, memberships: [] });
    expect(gateway.gateway.setupLink).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/setup#token=/);
    const token = tokenOf(gateway.gateway.setupLink);
    const made = await browser.call('POST', '/v1/session/setup', operator(token));
    expect(made.body).toMatchObject({
      signedIn: true,
      setupNeeded: false,
      via: 'password',
      person: { name: 'Olga', email: 'op@example.com' },
      memberships: [{ role: 'operator', accountId: null, accountName: null }],
    });
    expect(await browser.status('GET', '/v1/accounts')).toBe(200);

    const again = await openBrowser(gateway).call('POST', '/v1/session/setup', operator(token));
    expect(again).toMatchObject({ status: 410, body: { code: 'link_expired' } });
  });

  it('ends with the next start, which makes another link while nobody was made', async () => {
    const first = tokenOf(gateway.gateway.setupLink);
    await gateway.restart();
    const second = tokenOf(gateway.gateway.setupLink);
    const browser = openBrowser(gateway);
    expect(await browser.status('POST', '/v1/session/setup', operator(first))).toBe(410);
    expect(await browser.status('POST', '/v1/session/setup', operator(second))).toBe(200);
    await gateway.restart();
    expect(gateway.gateway.setupLink).toBeNull();
  });

  it('gives the link back where the input was wrong', async () => {
    const token = tokenOf(gateway.gateway.setupLink);
    const browser = openBrowser(gateway);
    const short = await browser.call('POST', '/v1/session/setup', { ...operator(token), password: 'short' });
    expect(short).toMatchObject({ status: 422, body: { errors: [{ path: 'password' }] } });
    const noAddress = { ...operator(token), email: 'nobody' };
    expect(await browser.status('POST', '/v1/session/setup', noAddress)).toBe(422);
    expect(await browser.status('POST', '/v1/session/setup', operator(token))).toBe(200);
  });

  it('makes one operator, however many use the link at once', async () => {
    const body = operator(tokenOf(gateway.gateway.setupLink));
    const made = await Promise.all(
      [1, 2, 3].map((n) =>
        openBrowser(gateway).status('POST', '/v1/session/setup', { ...body, email: `op${n}@example.com` }),
      ),
    );
    expect(made.sort()).toEqual([200, 410, 410]);
    expect((await gateway.api<{ data: object[] }>('GET', '/v1/people')).body.data).toHaveLength(1);
  });

  it('keeps the cookie to https where the portal is reached by it', async () => {
    await gateway.restart({ env: { HOOKWIRE_PUBLIC_URL: 'https://hooks.example.com' } });
    expect(gateway.gateway.setupLink).toMatch(/^https:\/\/hooks\.example\.com\/setup#token=/);
    const browser = openBrowser(gateway);
    const own = { origin: 'https://hooks.example.com' };
    const body = { token: tokenOf(gateway.gateway.setupLink), name: 'O', email: 'op@example.com', password };
    const { headers } = await browser.call('POST', '/v1/session/setup', body, own);
    const [cookie] = [headers['set-cookie'] ?? []].flat();
    expect(cookie).toMatch(/^__Secure-hookwire\.session_token=.*; Secure/);
    expect(await browser.status('GET', '/v1/accounts')).toBe(200);
    expect(await browser.status('POST', '/v1/accounts', { name: 'Acme' }, own)).toBe(201);
  });
});

it('knows passwords by the hash that is really kept of them', async () => {
  await using kept = await openGateway({ passwords: createPasswords() });
  const browser = await setUpOperator(kept);
  expect(await openBrowser(kept).signIn('op@example.com')).toBe(200);
  expect(await openBrowser(kept).signIn('op@example.com', 'x')).toBe(401);
  const change = { newPassword: 'another long password', currentPassword: password };
  expect(await browser.status('PATCH', '/v1/session/person', change)).toBe(200);
  await kept.restart();
  expect(await openBrowser(kept).signIn('op@example.com')).toBe(401);
  expect(await openBrowser(kept).signIn('op@example.com', change.newPassword)).toBe(200);
});

describe('once it is set up', () => {
  let first: Browser;
  beforeAll(async () => {
    gateway = await openGateway();
    first = await setUpOperator(gateway);
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  describe('signing in', () => {
    it('takes the right password, whatever the case of the address, and keeps a cookie that no script reads', async () => {
      const browser = openBrowser(gateway);
      const answer = await browser.call('POST', '/v1/session', { email: 'Op@Example.com', password });
      expect(answer).toMatchObject({
        status: 200,
        body: { signedIn: true, person: { email: 'op@example.com' } },
      });
      expect(answer.headers['cache-control']).toBe('no-store');
      for (const path of ['/v1/session', '/v1/accounts']) {
        expect((await browser.call('GET', path)).headers['cache-control']).toBe('no-store');
      }
      const [cookie] = [answer.headers['set-cookie'] ?? []].flat();
      expect(cookie).toMatch(/^hookwire\.session_token=.*Max-Age=604800.*HttpOnly.*SameSite=Lax$/);
      expect(cookie).not.toContain('Secure');
    });

    it('answers a wrong password and an unknown address alike', async () => {
      const browser = openBrowser(gateway);
      const wrong = await browser.call('POST', '/v1/session', { email: 'op@example.com', password: 'x' });
      const unknown = await browser.call('POST', '/v1/session', { email: 'no@example.com', password: 'x' });
      const noAddress = await browser.call('POST', '/v1/session', { email: 'no', password: 'x' });
      expect(wrong).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
      expect(unknown.body).toEqual(wrong.body);
      expect(noAddress.body).toEqual(wrong.body);
      expect(browser.cookie).toBeNull();
    });

    it('signs out at once', async () => {
      const browser = openBrowser(gateway);
      await browser.signIn('op@example.com');
      const copy = browser.copy();
      expect(await copy.status('GET', '/v1/accounts')).toBe(200);
      expect(await browser.status('DELETE', '/v1/session')).toBe(204);
      expect(browser.cookie).toBeNull();
      expect(await copy.status('GET', '/v1/accounts')).toBe(401);
      expect(await copy.session()).toMatchObject({ signedIn: false, person: null });
      expect(await browser.status('DELETE', '/v1/session')).toBe(204);
    });

    it('lasts over a restart', async () => {
      const browser = openBrowser(gateway);
      await browser.signIn('op@example.com');
      await gateway.restart();
      expect(await browser.session()).toMatchObject({ signedIn: true, person: { name: 'Olga' } });
      expect(await browser.status('GET', '/v1/accounts')).toBe(200);
    });

    it('takes no cookie that was changed', async () => {
      const browser = openBrowser(gateway);
      await browser.signIn('op@example.com');
      const forged = openBrowser(gateway, (browser.cookie ?? '').replace(/=.{3}/, '=abc'));
      expect(await forged.status('GET', '/v1/accounts')).toBe(401);
    });
  });

  describe('a call with a cookie that may change something', () => {
    const account = { name: 'Acme' };

    it.each([
      ['without the header that no form can set', { 'hookwire-csrf': '' }],
      ['with another value of it', { 'hookwire-csrf': 'yes' }],
      ['from another origin', { origin: 'https://evil.example' }],
      ['from a hidden origin', { origin: 'null' }],
      ['from another port of the same machine', { origin: 'http://127.0.0.1:1' }],
      ['which the browser calls cross-site', { 'sec-fetch-site': 'cross-site' }],
      ['which the browser calls same-site', { 'sec-fetch-site': 'same-site' }],
      ['of which nobody says where it comes from', { origin: '' }],
    ])('is refused %s', async (_what, headers) => {
      const browser = first.copy();
      const answer = await browser.call('POST', '/v1/accounts', account, headers);
      expect(answer).toMatchObject({ status: 403, body: { code: 'csrf' } });
      expect(await browser.status('DELETE', '/v1/session', undefined, headers)).toBe(403);
      expect(await browser.status('GET', '/v1/accounts', undefined, headers)).toBe(200);
    });

    it('is taken from our own pages, as the browser says or by their origin', async () => {
      const browser = first.copy();
      expect(await browser.status('POST', '/v1/accounts', account)).toBe(201);
      const says = { origin: '', 'sec-fetch-site': 'same-origin' };
      expect(await browser.status('POST', '/v1/accounts', account, says)).toBe(201);
    });

    it('needs none of it with an API key', async () => {
      expect((await gateway.api('POST', '/v1/accounts', account)).status).toBe(201);
    });

    it('is not used to sign a visitor in from another page', async () => {
      const body = { email: 'op@example.com', password };
      const foreign = { origin: 'https://evil.example' };
      expect(await openBrowser(gateway).status('POST', '/v1/session', body, foreign)).toBe(403);
    });
  });

  describe('people themselves', () => {
    it('change their name, and their password with the one they have', async () => {
      const browser = await signedInAs(gateway, 'operator', 'olga@example.com');
      const elsewhere = openBrowser(gateway);
      await elsewhere.signIn('olga@example.com');
      const change = (body: object) => browser.call('PATCH', '/v1/session/person', body);

      expect((await change({ name: 'Olga R.' })).body).toMatchObject({ person: { name: 'Olga R.' } });
      expect(await browser.session()).toMatchObject({ person: { name: 'Olga R.' } });
      const newPassword = 'another long password';
      expect(await change({ newPassword })).toMatchObject({
        status: 422,
        body: { errors: [{ path: 'currentPassword' }] },
      });
      expect(await change({ newPassword, currentPassword: 'wrong' })).toMatchObject({
        status: 422,
        body: { errors: [{ path: 'currentPassword' }] },
      });
      expect(await change({ newPassword, currentPassword: password })).toMatchObject({
        status: 200,
        body: { signedIn: true, person: { name: 'Olga R.' } },
      });
      expect(await browser.status('GET', '/v1/accounts')).toBe(200);
      expect(await elsewhere.status('GET', '/v1/accounts')).toBe(401);
      expect(await elsewhere.signIn('olga@example.com')).toBe(401);
      expect(await elsewhere.signIn('olga@example.com', newPassword)).toBe(200);
    });

    it('are shown with all their accounts', async () => {
      const one = await gateway.createAccount();
      const browser = await signedInAs(gateway, 'viewer', 'vera@example.com', one);
      expect(await browser.session()).toMatchObject({
        via: 'password',
        memberships: [{ role: 'viewer', accountId: one, accountName: 'Acme' }],
      });
    });
  });
});

// better-auth takes the instants of sessions and links from Date.
describe('as time passes', () => {
  const clock = createManualClock();
  function pass(ms: number): void {
    vi.setSystemTime(Date.now() + ms);
    clock.skip(ms);
  }

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: clock.now() });
    gateway = await openGateway({ clock });
  });
  afterEach(async () => {
    vi.useRealTimers();
    await gateway[Symbol.asyncDispose]();
  });

  it.each([
    ['an invitation', 72],
    ['a link for a new password', 24],
  ])('%s ends after %i hours', async (what, hours) => {
    const account = await gateway.createAccount();
    const email = 'asha@example.com';
    const member = await invite(gateway, 'viewer', email, account);
    let { link } = member;
    if (what !== 'an invitation') {
      await choosePassword(gateway, link);
      const path = `/v1/people/${member.id}/password-link`;
      ({ link } = (await gateway.api<{ link: string }>('POST', path)).body);
    }
    const token = tokenOf(link);
    const read = () => openBrowser(gateway).status('POST', '/v1/session/password-link', { token });
    pass(hours * 3_600_000 - 1);
    expect(await read()).toBe(200);
    pass(1);
    expect(await read()).toBe(410);
    expect(await openBrowser(gateway).status('POST', '/v1/session/password', { token, password })).toBe(410);
  });

  it('a session ends seven days after its last use', async () => {
    const used = await setUpOperator(gateway);
    const left = used.copy();
    pass(6 * day);
    expect(await used.status('GET', '/v1/accounts')).toBe(200);
    pass(6 * day);
    expect(await used.status('GET', '/v1/accounts')).toBe(200);
    pass(7 * day + 1);
    expect(await left.status('GET', '/v1/accounts')).toBe(401);
  });

  it('a session has its cookie prolonged by any call, once a day', async () => {
    const browser = await setUpOperator(gateway);
    const soon = await browser.call('GET', '/v1/accounts');
    expect(soon.headers['set-cookie']).toBeUndefined();
    pass(day + 1);
    const later = await browser.call('GET', '/v1/accounts');
    expect([later.headers['set-cookie']].flat().join()).toMatch(/session_token=.*Max-Age=604800/);
    const again = await browser.call('GET', '/v1/accounts');
    expect(again.headers['set-cookie']).toBeUndefined();
  });

  it('a session has its cookie prolonged by a live stream when it begins', async () => {
    const browser = await setUpOperator(gateway);
    pass(day + 1);
    const { headers, body } = await request(`${gateway.gateway.url}/v1/live`, {
      headers: { cookie: browser.cookie ?? '' },
    });
    expect([headers['set-cookie']].flat().join()).toMatch(/session_token=.*Max-Age=604800/);
    body.on('error', () => {}).destroy();
  });

  it('a session is deleted when it is over, by the next sign-in of anybody', async () => {
    await setUpOperator(gateway);
    pass(7 * day + 1);
    await openBrowser(gateway).signIn('op@example.com');
    const db = new DatabaseSync(join(gateway.dataDir, 'hookwire.db'), { readOnly: true });
    expect(db.prepare('select count(*) as sessions from auth_session').get()).toEqual({ sessions: 1 });
    db.close();
  });
});

describe('guessing passwords', () => {
  const clock = createManualClock();
  beforeAll(async () => {
    gateway = await openGateway({ clock });
    await setUpOperator(gateway);
  });
  afterAll(() => gateway[Symbol.asyncDispose]());
  beforeEach(() => clock.advance(60_000));
  const guess = (email: string, headers = {}) =>
    openBrowser(gateway).call('POST', '/v1/session', { email, password: 'guess' }, headers);

  it('is over after five tries of an address for a minute, and leaves others alone', async () => {
    for (const _ of [1, 2, 3, 4, 5]) expect((await guess('op@example.com')).status).toBe(401);
    const sixth = await guess('OP@example.com');
    expect(sixth).toMatchObject({ status: 429, body: { code: 'too_many_attempts' } });
    expect(Number(sixth.headers['retry-after'])).toBeGreaterThan(0);
    expect(await openBrowser(gateway).signIn('op@example.com')).toBe(429);
    expect((await guess('other@example.com')).status).toBe(401);
    clock.advance(60_000);
    expect(await openBrowser(gateway).signIn('op@example.com')).toBe(200);
  });

  it('is forgiven by the right password', async () => {
    for (const _ of [1, 2, 3, 4]) await guess('op@example.com');
    expect(await openBrowser(gateway).signIn('op@example.com')).toBe(200);
    for (const _ of [1, 2, 3, 4, 5]) expect((await guess('op@example.com')).status).toBe(401);
  });

  it('is limited for an address over all the people that it tries', async () => {
    for (let n = 0; n < 60; n++) expect((await guess(`p${n}@example.com`)).status).toBe(401);
    const answer = await guess('p60@example.com');
    expect(answer).toMatchObject({ status: 429, body: { code: 'too_many_attempts' } });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('does not keep anybody out who has a link for their password', async () => {
    for (const _ of [1, 2, 3, 4, 5]) await guess('op@example.com');
    const { body } = await gateway.api<{ data: { id: string }[] }>('GET', '/v1/people?role=operator');
    const made = await gateway.api<{ link: string }>('POST', `/v1/people/${body.data[0]?.id}/password-link`);
    const answer = { token: tokenOf(made.body.link), password };
    expect(await openBrowser(gateway).status('POST', '/v1/session/password', answer)).toBe(200);
  });

  it('is counted by the address that a trusted proxy names, and by no one else’s word', async () => {
    const from = (address: string) => guess('op@example.com', { 'x-forwarded-for': address });
    for (const n of [1, 2, 3, 4, 5]) expect((await from(`203.0.113.${n}`)).status).toBe(401);
    expect((await from('203.0.113.6')).status).toBe(429);
    clock.advance(60_000);
    await gateway.restart({ env: { HOOKWIRE_TRUSTED_PROXIES: '127.0.0.0/8' } });
    for (const _ of [1, 2, 3, 4, 5]) expect((await from('203.0.113.1')).status).toBe(401);
    expect((await from('203.0.113.1')).status).toBe(429);
    expect((await from('203.0.113.2')).status).toBe(401);
    for (const n of [1, 2, 3, 4, 5]) expect((await from(`2001:db8:1:2::${n}`)).status).toBe(401);
    expect((await from('2001:db8:1:2:ffff::1')).status).toBe(429);
    expect((await from('2001:db8:1:3::1')).status).toBe(401);
  });
});
