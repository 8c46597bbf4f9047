import { request } from 'undici';
import type { GatewayFixture } from '../../src/testing/gateway-fixture.ts';

/** What `GET /v1/session` shows, as far as tests look at it. */
export interface ShownSession {
  readonly signedIn: boolean;
  readonly setupNeeded: boolean;
  readonly via: string | null;
  readonly person: { readonly id: string; readonly name: string; readonly email: string } | null;
  readonly memberships: readonly { readonly role: string; readonly accountId: string | null }[];
}

export interface ShownPerson {
  readonly id: string;
  readonly personId: string;
  readonly name: string;
  readonly email: string;
  readonly role: string;
  readonly accountId: string | null;
  readonly lastSeenAt: string | null;
  readonly invited: boolean;
}

export interface Invited extends ShownPerson {
  readonly link: string | null;
  readonly linkExpiresAt: string | null;
}

export interface CallAnswer<T> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: T;
}

/** A browser with the portal open: it keeps the cookie, and sends what our pages send. */
export interface Browser {
  readonly cookie: string | null;
  /** @param headers further ones; an empty text takes one away */
  call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<CallAnswer<T>>;
  /** The status alone. */
  status(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<number>;
  session(): Promise<ShownSession>;
  signIn(email: string, password?: string): Promise<number>;
  /** The same cookie in a second browser. */
  copy(): Browser;
}

export const password = 'correct horse battery';

export function openBrowser(gateway: Pick<GatewayFixture, 'gateway'>, start: string | null = null): Browser {
  let cookie = start;

  const browser: Browser = {
    get cookie() {
      return cookie;
    },
    async call<T>(
      method: string,
      path: string,
      body?: unknown,
      headers: Readonly<Record<string, string>> = {},
    ) {
      const { url } = gateway.gateway;
      const all = {
        origin: url,
        'hookwire-csrf': '1',
        ...(cookie === null ? {} : { cookie }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      };
      const answer = await request(path.startsWith('http') ? path : url + path, {
        method,
        headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')),
        body: body === undefined ? null : JSON.stringify(body),
      });
      for (const kept of [answer.headers['set-cookie'] ?? []].flat()) {
        const pair = kept.split(';', 1)[0] ?? '';
        if (!/session_token=/.test(pair)) continue;
        cookie = /Max-Age=0/.test(kept) ? null : pair;
      }
      const text = await answer.body.text();
      return {
        status: answer.statusCode,
        headers: answer.headers,
        body: (text === '' ? {} : JSON.parse(text)) as T,
      };
    },
    status: async (...call) => (await browser.call(...call)).status,
    session: async () => (await browser.call<ShownSession>('GET', '/v1/session')).body,
    signIn: (email, chosen = password) => browser.status('POST', '/v1/session', { email, password: chosen }),
    copy: () => openBrowser(gateway, cookie),
  };
  return browser;
}

/** What stands behind `#token=` of a link. */
export function tokenOf(link: string | null | undefined): string {
  return new URLSearchParams(new URL(link ?? 'http://none').hash.slice(1)).get('token') ?? '';
}

/** The browser of the first operator, who has just set the portal up. */
export async function setUpOperator(gateway: GatewayFixture, email = 'op@example.com'): Promise<Browser> {
  const browser = openBrowser(gateway);
  const token = tokenOf(gateway.gateway.setupLink);
  const status = await browser.status('POST', '/v1/session/setup', { token, name: 'Olga', email, password });
  if (status !== 200) throw new Error(`Setting up was answered ${status}.`);
  return browser;
}

/** Invites somebody, as the operator's key. */
export async function invite(
  gateway: GatewayFixture,
  role: string,
  email: string,
  accountId?: string,
): Promise<Invited> {
  const body = { email, name: email.split('@')[0], role, ...(accountId !== undefined && { accountId }) };
  const { status, body: invited } = await gateway.api<Invited>('POST', '/v1/people', body);
  if (status !== 201) throw new Error(`Inviting was answered ${status}: ${JSON.stringify(invited)}`);
  return invited;
}

/** Sets the password by a link; the browser is signed in. */
export async function choosePassword(
  gateway: GatewayFixture,
  link: string | null,
  chosen = password,
): Promise<Browser> {
  const browser = openBrowser(gateway);
  const body = { token: tokenOf(link), password: chosen };
  const { status } = await browser.call('POST', '/v1/session/password', body);
  if (status !== 200) throw new Error(`Choosing a password was answered ${status}.`);
  return browser;
}

/** Somebody with a role, signed in. */
export async function signedInAs(
  gateway: GatewayFixture,
  role: string,
  email: string,
  accountId?: string,
): Promise<Browser & { readonly member: Invited }> {
  const member = await invite(gateway, role, email, accountId);
  const browser = await choosePassword(gateway, member.link);
  return Object.assign(browser, { member });
}
