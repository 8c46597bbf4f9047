import { once } from 'node:events';
import http from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPasswords } from '../../src/people/passwords.ts';
import { type GatewayFixture, openGateway } from '../../src/testing/gateway-fixture.ts';
import { createHeldPasswords } from './held-passwords.ts';
import { type OidcProvider, openOidcProvider } from './oidc-provider.ts';
import {
  type Browser,
  choosePassword,
  type Invited,
  invite,
  openBrowser,
  password,
  setUpOperator,
  signedInAs,
  tokenOf,
} from './person.ts';
import { openTab } from './tab.ts';

const passwords = createHeldPasswords();
const newPassword = 'another long password';

let gateway: GatewayFixture;
let provider: OidcProvider;
let operator: Browser;
beforeAll(async () => {
  provider = await openOidcProvider('hookwire', 's3cret');
  gateway = await openGateway({
    passwords,
    env: {
      HOOKWIRE_OIDC_ISSUER: provider.issuer,
      HOOKWIRE_OIDC_CLIENT_ID: 'hookwire',
      HOOKWIRE_OIDC_CLIENT_SECRET: 's3cret',
      HOOKWIRE_TRUSTED_PROXIES: '127.0.0.0/8',
    },
  });
  operator = await setUpOperator(gateway);
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

let counted = 0;
const address = (name: string) => `${name}${++counted}@example.com`;
/** Each from a network of its own, so that tries are not counted together. */
const elsewhere = () => ({ 'x-forwarded-for': `10.0.${++counted >> 8}.${counted & 255}` });

/** Somebody whom an account's owner invited, and whose address nobody has confirmed. */
async function unconfirmed(account: string) {
  const owner = await signedInAs(gateway, 'owner', address('owner'), account);
  const email = address('mallory');
  const body = { email, name: 'M', role: 'owner' };
  const invited = await owner.call<Invited>('POST', '/v1/people', body);
  await choosePassword(gateway, invited.body.link);
  return { email, owner, member: invited.body };
}

async function linkFor(memberId: string): Promise<string> {
  const { body } = await gateway.api<{ link: string }>('POST', `/v1/people/${memberId}/password-link`);
  return body.link;
}

/** Begins a sign-in, does something while its password is looked at, and says how it ends. */
async function signInDuring(email: string, meanwhile: () => Promise<unknown>) {
  const browser = openBrowser(gateway);
  const held = passwords.hold('verify');
  const signingIn = browser.call('POST', '/v1/session', { email, password }, elsewhere());
  await held.reached;
  await meanwhile();
  held.release();
  const { status } = await signingIn;
  return { status, signedIn: (await browser.session()).signedIn };
}

const refused = { status: 401, signedIn: false };

describe('a sign-in that is under way', () => {
  it('ends well where nothing happens meanwhile', async () => {
    const { email } = (await signedInAs(gateway, 'viewer', address('vera'), await gateway.createAccount()))
      .member;
    expect(await signInDuring(email, async () => {})).toEqual({ status: 200, signedIn: true });
  });

  it.each([1, 2, 3, 4, 5])('makes no operator of whom only an owner vouched for (round %i)', async () => {
    const { email } = await unconfirmed(await gateway.createAccount());
    expect(await signInDuring(email, () => invite(gateway, 'operator', email))).toEqual(refused);
  });

  it('does not enter a further account by the password from before', async () => {
    const other = await gateway.createAccount();
    const { email } = await unconfirmed(await gateway.createAccount());
    expect(await signInDuring(email, () => invite(gateway, 'viewer', email, other))).toEqual(refused);
  });

  it('does not outlive a new password by a link', async () => {
    const { member } = await signedInAs(gateway, 'owner', address('o'), await gateway.createAccount());
    const link = await linkFor(member.id);
    expect(await signInDuring(member.email, () => choosePassword(gateway, link, newPassword))).toEqual(
      refused,
    );
  });

  it('does not outlive a changed password', async () => {
    const browser = await signedInAs(gateway, 'owner', address('o'), await gateway.createAccount());
    const change = { currentPassword: password, newPassword };
    const ended = await signInDuring(browser.member.email, () =>
      browser.call('PATCH', '/v1/session/person', change),
    );
    expect(ended).toEqual(refused);
    expect((await browser.session()).signedIn).toBe(true);
  });

  it('does not outlive the person', async () => {
    const { member } = await signedInAs(gateway, 'viewer', address('v'), await gateway.createAccount());
    const remove = () => operator.status('DELETE', `/v1/people/${member.id}`);
    expect(await signInDuring(member.email, remove)).toEqual(refused);
  });

  it('does not outlive the person who is invited again', async () => {
    const account = await gateway.createAccount();
    const { member } = await signedInAs(gateway, 'viewer', address('v'), account);
    const ended = await signInDuring(member.email, async () => {
      await operator.status('DELETE', `/v1/people/${member.id}`);
      await invite(gateway, 'viewer', member.email, account);
    });
    expect(ended).toEqual(refused);
  });

  it('does not outlive the account', async () => {
    const account = await gateway.createAccount();
    const { member } = await signedInAs(gateway, 'owner', address('o'), account);
    const remove = () => operator.status('DELETE', `/v1/accounts/${account}`);
    expect(await signInDuring(member.email, remove)).toEqual(refused);
  });

  it('has the role of its end', async () => {
    const account = await gateway.createAccount();
    await signedInAs(gateway, 'owner', address('first'), account);
    const { member } = await signedInAs(gateway, 'owner', address('o'), account);
    const browser = openBrowser(gateway);
    const held = passwords.hold('verify');
    const signingIn = browser.call('POST', '/v1/session', { email: member.email, password }, elsewhere());
    await held.reached;
    await operator.status('PATCH', `/v1/people/${member.id}`, { role: 'viewer' });
    held.release();
    expect((await signingIn).body).toMatchObject({ memberships: [{ role: 'viewer' }] });
    expect(await browser.status('GET', '/v1/people')).toBe(403);
  });
});

describe('a session', () => {
  it('is none where it was made for an earlier era of its person, whoever wrote last', async () => {
    const browser = await signedInAs(gateway, 'viewer', address('v'), await gateway.createAccount());
    expect((await browser.session()).signedIn).toBe(true);
    const db = new DatabaseSync(join(gateway.dataDir, 'hookwire.db'), { timeout: 10_000 });
    db.exec('update access_era set number = number + 1');
    db.prepare('update auth_user set era = (select number from access_era) where id = ?').run(
      browser.member.personId,
    );
    db.close();
    expect((await browser.session()).signedIn).toBe(false);
    expect(await browser.signIn(browser.member.email)).toBe(200);
    expect((await browser.session()).signedIn).toBe(true);
  });
});

describe('a call that was begun before its caller lost access', () => {
  /** Sends the head of a call, waits until the gateway looks at it, does something, and sends the body. */
  async function callDuring(browser: Browser, path: string, body: object, meanwhile: () => Promise<unknown>) {
    const { url } = gateway.gateway;
    const text = JSON.stringify(body);
    const call = http.request(url + path, {
      method: 'POST',
      headers: {
        origin: url,
        'hookwire-csrf': '1',
        cookie: browser.cookie ?? '',
        'content-type': 'application/json',
        'content-length': text.length,
        expect: '100-continue',
      },
    });
    call.flushHeaders();
    await once(call, 'continue');
    await meanwhile();
    call.end(text);
    const [answer] = (await once(call, 'response')) as [http.IncomingMessage];
    answer.resume();
    return answer.statusCode;
  }
  const key = { name: 'kept', scopes: ['admin'] };

  it('is answered where nobody did', async () => {
    const account = await gateway.createAccount();
    const owner = await signedInAs(gateway, 'owner', address('o'), account);
    const forgetting = () => invite(gateway, 'viewer', address('v'), account);
    expect(await callDuring(owner, `/v1/accounts/${account}/keys`, key, forgetting)).toBe(201);
  });

  it.each([
    ['the person was removed', 401, 'DELETE', undefined],
    ['the role was changed', 403, 'PATCH', { role: 'developer' }],
  ])('makes no key where %s', async (_what, status, method, change) => {
    const account = await gateway.createAccount();
    await signedInAs(gateway, 'owner', address('first'), account);
    const owner = await signedInAs(gateway, 'owner', address('o'), account);
    const act = () => operator.status(method, `/v1/people/${owner.member.id}`, change);
    expect(await callDuring(owner, `/v1/accounts/${account}/keys`, key, act)).toBe(status);
    const { body } = await gateway.api<{ data: object[] }>('GET', `/v1/accounts/${account}/keys`);
    expect(body.data).toEqual([]);
  });
});

describe('a password that is being set by a link', () => {
  /** Begins to set it, does something while it is hashed, and says how it ends. */
  async function setDuring(link: string | null, meanwhile: () => Promise<unknown>) {
    const browser = openBrowser(gateway);
    const held = passwords.hold('hash');
    const body = { token: tokenOf(link), password: newPassword };
    const setting = browser.call('POST', '/v1/session/password', body, elsewhere());
    await held.reached;
    await meanwhile();
    held.release();
    const { status } = await setting;
    return { status, signedIn: (await browser.session()).signedIn };
  }
  const expired = { status: 410, signedIn: false };

  it('is not, where a newer link was made meanwhile', async () => {
    const invited = await invite(gateway, 'viewer', address('v'), await gateway.createAccount());
    expect(await setDuring(invited.link, () => linkFor(invited.id))).toEqual(expired);
  });

  it('is not, where the link of an owner would make an operator', async () => {
    const { email, owner, member } = await unconfirmed(await gateway.createAccount());
    const { body } = await owner.call<{ link: string }>('POST', `/v1/people/${member.id}/password-link`);
    expect(await setDuring(body.link, () => invite(gateway, 'operator', email))).toEqual(expired);
    expect(await openBrowser(gateway).status('POST', '/v1/session', { email, password: newPassword })).toBe(
      401,
    );
  });

  it('is not, where the person was removed meanwhile', async () => {
    const invited = await invite(gateway, 'viewer', address('v'), await gateway.createAccount());
    const remove = () => operator.status('DELETE', `/v1/people/${invited.id}`);
    expect(await setDuring(invited.link, remove)).toEqual(expired);
  });

  it('is set once, however often the link is used at once', async () => {
    const invited = await invite(gateway, 'viewer', address('v'), await gateway.createAccount());
    const use = () =>
      openBrowser(gateway).status(
        'POST',
        '/v1/session/password',
        { token: tokenOf(invited.link), password },
        elsewhere(),
      );
    const again = async () => expect(await use()).toBe(200);
    expect(await setDuring(invited.link, again)).toEqual(expired);
    expect((await Promise.all([use(), use()])).every((status) => status === 410)).toBe(true);
  });
});

describe('a password that is being changed', () => {
  it.each(['verify', 'hash'] as const)('leaves one that was set meanwhile (at the %s)', async (step) => {
    const browser = await signedInAs(gateway, 'owner', address('o'), await gateway.createAccount());
    const { email, id } = browser.member;
    const link = await linkFor(id);
    const held = passwords.hold(step);
    const body = { currentPassword: password, newPassword: 'what a thief would like' };
    const changing = browser.call('PATCH', '/v1/session/person', body, elsewhere());
    await held.reached;
    await choosePassword(gateway, link, newPassword);
    held.release();
    expect((await changing).status).toBe(422);
    expect((await browser.session()).signedIn).toBe(false);
    const signIn = (chosen: string) =>
      openBrowser(gateway).status('POST', '/v1/session', { email, password: chosen }, elsewhere());
    expect(await signIn(body.newPassword)).toBe(401);
    expect(await signIn(newPassword)).toBe(200);
  });

  it('ends the links for another one', async () => {
    const browser = await signedInAs(gateway, 'owner', address('o'), await gateway.createAccount());
    const token = tokenOf(await linkFor(browser.member.id));
    const body = { currentPassword: password, newPassword };
    expect(await browser.status('PATCH', '/v1/session/person', body, elsewhere())).toBe(200);
    expect(await openBrowser(gateway).status('POST', '/v1/session/password-link', { token })).toBe(410);
  });
});

describe('a sign-in by OIDC that is under way', () => {
  async function signInDuring(email: string, meanwhile: () => Promise<unknown>) {
    provider.subject = { sub: `sub-${email}`, email, email_verified: true };
    const held = provider.hold();
    const tab = openTab(gateway);
    const signingIn = tab.signIn();
    await held.reached;
    await meanwhile();
    held.release();
    await signingIn;
    return (await tab.session()).signedIn;
  }

  it('does not outlive the person', async () => {
    const invited = await invite(gateway, 'viewer', address('v'), await gateway.createAccount());
    const remove = () => operator.status('DELETE', `/v1/people/${invited.id}`);
    expect(await signInDuring(invited.email, remove)).toBe(false);
  });

  it('does not outlive what was revoked of a known person meanwhile', async () => {
    const { member } = await signedInAs(gateway, 'viewer', address('v'), await gateway.createAccount());
    expect(await signInDuring(member.email, async () => {})).toBe(true);
    const link = await linkFor(member.id);
    expect(await signInDuring(member.email, () => choosePassword(gateway, link, newPassword))).toBe(false);
    expect(await signInDuring(member.email, async () => {})).toBe(true);
  });
});

describe('twenty sign-ins by the password from before', () => {
  it('outlive no reset, wherever it meets them', async () => {
    await using busy = await openGateway({
      passwords: createPasswords(),
      env: { HOOKWIRE_TRUSTED_PROXIES: '127.0.0.0/8' },
    });
    await setUpOperator(busy);
    const { member } = await signedInAs(busy, 'owner', 'asha@example.com', await busy.createAccount());
    const { body } = await busy.api<{ link: string }>('POST', `/v1/people/${member.id}/password-link`);
    const browsers = Array.from({ length: 20 }, () => openBrowser(busy));
    const credentials = { email: member.email, password };
    const signingIn = browsers.map((browser) =>
      browser.call('POST', '/v1/session', credentials, elsewhere()),
    );
    await signingIn[4];
    const after = await choosePassword(busy, body.link, newPassword);
    await Promise.all(signingIn);
    const left = await Promise.all(browsers.map(async (browser) => (await browser.session()).signedIn));
    expect(left.filter(Boolean)).toEqual([]);
    expect((await after.session()).signedIn).toBe(true);
  });
});
