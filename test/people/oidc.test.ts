import { request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../../src/telemetry/log.ts';
import { type GatewayFixture, openGateway } from '../../src/testing/gateway-fixture.ts';
import { type OidcProvider, openOidcProvider } from './oidc-provider.ts';
import { choosePassword, invite, openBrowser, signedInAs } from './person.ts';
import { openTab } from './tab.ts';

let provider: OidcProvider;
let gateway: GatewayFixture;
beforeAll(async () => {
  provider = await openOidcProvider('hookwire', 's3cret');
  gateway = await openGateway({
    env: {
      HOOKWIRE_OIDC_ISSUER: provider.issuer,
      HOOKWIRE_OIDC_CLIENT_ID: 'hookwire',
      HOOKWIRE_OIDC_CLIENT_SECRET: 's3cret',
      HOOKWIRE_OIDC_NAME: 'Acme Login',
    },
  });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});
beforeEach(() => {
  provider.forges = false;
});

let counted = 0;
function person(name: string, verified = true) {
  const email = `${name}${++counted}@example.com`;
  provider.subject = { sub: `sub-${counted}`, email, email_verified: verified, name };
  return email;
}

describe('signing in by OIDC', () => {
  it('is offered by name', async () => {
    const { body } = await openBrowser(gateway).call('GET', '/v1/session');
    expect(body).toMatchObject({ oidc: { name: 'Acme Login' } });
  });

  it('lets in whoever was invited by the address that the provider has verified', async () => {
    const account = await gateway.createAccount();
    const member = await invite(gateway, 'developer', person('Asha'), account);
    const tab = openTab(gateway);
    expect(await tab.signIn()).toBe('/');
    expect(await tab.session()).toMatchObject({
      signedIn: true,
      via: 'oidc',
      person: { email: member.email },
      memberships: [{ role: 'developer', accountId: account }],
    });
    const { body } = await gateway.api('GET', `/v1/people/${member.id}`);
    expect(body).toMatchObject({ invited: false });
    const again = openTab(gateway);
    expect(await again.signIn()).toBe('/');
    expect((await again.session()).signedIn).toBe(true);
  });

  it('lets nobody in who was not invited', async () => {
    person('stranger');
    const tab = openTab(gateway);
    expect(await tab.signIn()).toBe('/sign-in?problem=not_invited');
    expect((await tab.session()).signedIn).toBe(false);
  });

  it('takes no address that the provider has not verified', async () => {
    const account = await gateway.createAccount();
    await invite(gateway, 'owner', person('Asha', false), account);
    const tab = openTab(gateway);
    expect(await tab.signIn()).toBe('/sign-in?problem=not_invited');
    expect((await tab.session()).signedIn).toBe(false);
  });

  it('takes no token that somebody else signed', async () => {
    const account = await gateway.createAccount();
    await invite(gateway, 'owner', person('Asha'), account);
    provider.forges = true;
    const tab = openTab(gateway);
    expect(await tab.signIn()).toBe('/sign-in?problem=oidc_failed');
    expect((await tab.session()).signedIn).toBe(false);
  });

  it('takes no answer that another browser asked for', async () => {
    const account = await gateway.createAccount();
    await invite(gateway, 'owner', person('Asha'), account);
    const mallory = openTab(gateway);
    const there = await mallory.go(`${gateway.gateway.url}/v1/session/oidc`);
    const back = await mallory.go(there.location);
    const victim = openTab(gateway);
    expect((await victim.go(back.location)).location).toBe('/sign-in?problem=oidc_failed');
    expect((await victim.session()).signedIn).toBe(false);
  });

  it('takes away a password that was set before anybody vouched for the address', async () => {
    const account = await gateway.createAccount();
    const owner = await signedInAs(gateway, 'owner', 'mallory@example.com', account);
    const email = person('victim');
    const { body } = await owner.call<{ link: string }>('POST', '/v1/people', {
      email,
      name: 'Victim',
      role: 'viewer',
    });
    const stolen = await choosePassword(gateway, body.link);
    const tab = openTab(gateway);
    expect(await tab.signIn()).toBe('/');
    expect((await stolen.session()).signedIn).toBe(false);
    expect(await openBrowser(gateway).signIn(email)).toBe(401);
    expect((await tab.session()).signedIn).toBe(true);
  });

  it('leaves the password of who is confirmed', async () => {
    const account = await gateway.createAccount();
    const email = person('Asha');
    await signedInAs(gateway, 'developer', email, account);
    expect(await openTab(gateway).signIn()).toBe('/');
    expect(await openBrowser(gateway).signIn(email)).toBe(200);
  });

  it('ends with the role', async () => {
    const account = await gateway.createAccount();
    const member = await invite(gateway, 'developer', person('Asha'), account);
    const tab = openTab(gateway);
    await tab.signIn();
    await gateway.api('DELETE', `/v1/people/${member.id}`);
    expect((await tab.session()).signedIn).toBe(false);
    expect(await openTab(gateway).signIn()).toBe('/sign-in?problem=not_invited');
  });

  // Last, since it uses up the minute of this machine's address.
  it('is looked at, and told to the audit log, so many times a minute', async () => {
    const failures = async () => {
      const path = '/v1/audit?action=session.signInFailed&limit=500';
      return (await gateway.api<{ data: unknown[] }>('GET', path)).body.data.length;
    };
    for (let n = 0; n < 70; n++) {
      const { location } = await openTab(gateway).go(
        `${gateway.gateway.url}/v1/session/callback/oidc?code=x&state=${n}`,
      );
      expect(location).toBe('/sign-in?problem=oidc_failed');
    }
    expect(await failures()).toBeLessThanOrEqual(60);
  });
});

describe('a stranger who sends nonsense', () => {
  it('is told to the log as a warning, with one level, once a minute', async () => {
    const lines: string[] = [];
    await using other = await openGateway({
      log: createLog('info', { write: (line: string) => void lines.push(line) }),
      env: {
        HOOKWIRE_OIDC_ISSUER: provider.issuer,
        HOOKWIRE_OIDC_CLIENT_ID: 'hookwire',
        HOOKWIRE_OIDC_CLIENT_SECRET: 's3cret',
      },
    });
    for (let n = 0; n < 5; n++) {
      await openTab(other).go(`${other.gateway.url}/v1/session/callback/oidc?code=x`);
      const wrong = { email: 'nobody@example.com', password: 'wrong' };
      expect(await openBrowser(other).status('POST', '/v1/session', wrong)).toBe(401);
    }
    const said = lines.filter((line) => line.includes('Sign-in:'));
    expect(said.map((line) => JSON.parse(line).level)).toEqual(said.map(() => 'warn'));
    expect(said.map((line) => line.match(/"level":/g)?.length)).toEqual(said.map(() => 1));
    expect(new Set(said.map((line) => JSON.parse(line).msg)).size).toBe(said.length);
    expect(said.length).toBeGreaterThan(0);
    expect(lines.filter((line) => /"level":"(error|fatal)"/.test(line))).toEqual([]);
  });
});

describe('without a provider', () => {
  it('there is nothing of it', async () => {
    await using plain = await openGateway();
    const browser = openBrowser(plain);
    expect((await browser.call('GET', '/v1/session')).body).toMatchObject({ oidc: null });
    expect(await browser.status('GET', '/v1/session/oidc')).toBe(404);
  });

  it('which cannot be reached, the browser comes back to the sign-in page', async () => {
    await using plain = await openGateway({
      env: {
        HOOKWIRE_OIDC_ISSUER: 'http://127.0.0.1:9',
        HOOKWIRE_OIDC_CLIENT_ID: 'hookwire',
        HOOKWIRE_OIDC_CLIENT_SECRET: 's3cret',
      },
    });
    const answer = await request(`${plain.gateway.url}/v1/session/oidc`);
    expect([answer.statusCode, answer.headers.location]).toEqual([302, '/sign-in?problem=oidc_failed']);
  });
});
