import { hashKey } from '../../core/api-key.ts';
import { HookwireError } from '../../core/errors.ts';
import type { Scope } from '../../core/scopes.ts';
import type { ApiKey, Directory } from '../../stores/ports/directory.ts';
import { notFound } from '../answers/not-found.ts';
import type { LookUps } from '../requests/call-limits.ts';
import type { Services } from '../services.ts';
import { type Caller, configuredOperator } from './caller.ts';
import type { Credentials } from './credentials.ts';
import { requireOwnPage } from './csrf.ts';
import { createKnownKeys } from './known-keys.ts';
import { accountHeader, callerOfPerson } from './person-caller.ts';

/** Who may call a route: everybody, operators only, or whoever has the scope, or any one of several. */
export type RouteAccess = 'public' | 'operator' | Scope | readonly [Scope, Scope, ...Scope[]];

/** Who calls, and what the browser of a person whose time was prolonged is to keep. */
export interface Authenticated {
  readonly caller: Caller;
  /** `Set-Cookie` headers. */
  readonly cookies: readonly string[];
}

export interface Authenticator {
  /**
   * @param prolong whether the answer carries the cookies, so that a person's time may be prolonged; it does unless told
   * @throws HookwireError `unauthorized`, `too_many_calls`; for people also `csrf`, and `not_found` or `invalid_input` for the account
   */
  authenticate(request: Credentials, prolong?: boolean): Promise<Authenticated>;
  /** Makes what was deleted or changed (roles, who is signed in) count at once. */
  forget(): void;
  /** Makes keys that were deleted count at once, and nobody's wait who has another. */
  forgetKeys(): Promise<void>;
  /** Rises with each `forget`, and when known keys were deleted: who was found before may not be let in any more. */
  age(): number;
  /** Calls back when {@link Authenticator.age} rises; what comes back ends that. */
  onForget(act: () => void): () => void;
}

const environmentOperator: Caller = {
  accountId: null,
  scopes: [],
  role: null,
  actor: configuredOperator,
  masksNumbers: false,
};
const rememberMs = 5_000;
const mostRemembered = 10_000;
const portalLinkPrefix = 'hwp_';
const noCookies: readonly string[] = [];

type AuthenticatorParts = Pick<Services, 'clock' | 'operator'> & {
  readonly portalLinks: Pick<Services['portalLinks'], 'find'>;
  readonly directory: Pick<Directory, 'findKeys' | 'deletedKeys' | 'getAccount'>;
  readonly people: Pick<Services['people'], 'sessionCookie' | 'publicUrl' | 'find' | 'seen'>;
};

/**
 * Finds callers: by the hash of their key, which is known in memory (`known-keys.ts`), by the token that a portal link
 * gave, or by the cookie of a person. Of these two those who were found are remembered for 5 s; those who were not are
 * looked up each time.
 * @param lookUps bounds how often an address may have somebody looked up whom nobody knows
 */
export function createAuthenticator(
  services: AuthenticatorParts,
  lookUps: LookUps = { begin: () => () => {} },
): Authenticator {
  const remembered = new Map<string, { readonly found: Authenticated; readonly until: number }>();
  const watchers = new Set<() => void>();
  const asking = new Map<string, { readonly age: number; readonly found: Promise<Authenticated | null> }>();
  // Rises when what is remembered is forgotten: who is looked up meanwhile may have been read before the change.
  let age = 0;
  const knownKeys = createKnownKeys(services.directory, services.clock, grow);

  function grow(): void {
    age++;
    for (const act of [...watchers]) act();
  }

  function recall(key: string): Authenticated | null {
    const known = remembered.get(key);
    return known && known.until > services.clock.elapsed() ? known.found : null;
  }

  /** Calls that come at once with one key ask once. */
  async function ask(
    key: string,
    ip: string | undefined,
    find: () => Promise<Authenticated | null>,
  ): Promise<Authenticated | null> {
    const asked = asking.get(key);
    if (asked?.age === age) return asked.found;
    const wasKnown = ip === undefined ? null : lookUps.begin(ip);
    const question = { age, found: find() };
    asking.set(key, question);
    try {
      const found = await question.found;
      if (found) wasKnown?.();
      return found;
    } catch (error) {
      // That is not for who asks, or not their fault.
      wasKnown?.();
      throw error;
    } finally {
      if (asking.get(key) === question) asking.delete(key);
    }
  }

  /** Looks somebody up, and remembers them without the cookies, which are for this answer alone. */
  async function lookUp(
    key: string,
    { ip }: Credentials,
    find: () => Promise<Authenticated | null>,
  ): Promise<Authenticated | null> {
    const askedAt = age;
    const { clock } = services;
    const now = clock.elapsed();
    const found = await ask(key, ip, find);
    if (!found || askedAt !== age) {
      remembered.delete(key);
      return found;
    }
    if (remembered.size >= mostRemembered) remembered.clear();
    const { caller } = found;
    const leftMs = caller.guest ? caller.guest.until - clock.now() : Number.POSITIVE_INFINITY;
    const until = now + Math.min(rememberMs, leftMs);
    remembered.set(key, { found: { caller, cookies: noCookies }, until });
    return found;
  }

  function findOperator(hash: string): Authenticated | null {
    return services.operator.isOperatorKey(hash) ? { caller: environmentOperator, cookies: noCookies } : null;
  }

  async function findKey(hash: string): Promise<Authenticated | null> {
    const key = await knownKeys.find(hash);
    return key && { caller: callerOfKey(key), cookies: noCookies };
  }

  async function findPortalLink(token: string): Promise<Authenticated | null> {
    const caller = await services.portalLinks.find(token);
    return caller && { caller, cookies: noCookies };
  }

  async function findPerson(
    cookie: string,
    account: string | undefined,
    prolong: boolean,
  ): Promise<Authenticated | null> {
    const signedIn = await services.people.find(cookie, prolong);
    if (!signedIn) return null;
    const { caller, membership } = await callerOfPerson(signedIn, account, services.directory);
    await services.people.seen(membership);
    return { caller, cookies: signedIn.cookies };
  }

  async function byPortalLink(token: string, request: Credentials): Promise<Authenticated> {
    const account = namedAccount(request);
    const hash = hashKey(token);
    const found = recall(hash) ?? (await lookUp(hash, request, () => findPortalLink(token)));
    if (!found) throw new HookwireError('unauthorized', 'The time in the portal is over: open it anew.');
    if (account !== undefined && account !== found.caller.accountId) throw notFound('account', account);
    return found;
  }

  async function byCookie(cookie: string, request: Credentials, prolong: boolean): Promise<Authenticated> {
    requireOwnPage(request, services.people.publicUrl());
    const account = namedAccount(request);
    // An account's id holds no blank.
    const key = `${account ?? ''} ${cookie}`;
    const found = recall(key) ?? (await lookUp(key, request, () => findPerson(cookie, account, prolong)));
    if (!found) throw new HookwireError('unauthorized', 'Nobody is signed in (any more).');
    return found;
  }

  return {
    async authenticate(request, prolong = true) {
      const { authorization } = request.headers;
      if (authorization === undefined) {
        const cookie = readCookie(request.headers.cookie, services.people.sessionCookie());
        if (cookie !== null) return byCookie(cookie, request, prolong);
        throw new HookwireError('unauthorized', 'Send an API key, "Authorization: Bearer hw_…", or sign in.');
      }
      const key = bearerKey(authorization);
      if (key.startsWith(portalLinkPrefix)) return byPortalLink(key, request);
      const hash = hashKey(key);
      const found =
        findOperator(hash) ??
        (await (knownKeys.knows(hash) ? findKey(hash) : ask(hash, request.ip, () => findKey(hash))));
      if (!found) throw new HookwireError('unauthorized', 'The API key is not known.');
      return found;
    },
    forget() {
      remembered.clear();
      grow();
    },
    forgetKeys: async () => void (await knownKeys.refresh()),
    age: () => age,
    onForget(act) {
      watchers.add(act);
      return () => void watchers.delete(act);
    },
  };
}

/** The account that a call of a person is about, where it names one. */
function namedAccount({ headers }: Credentials): string | undefined {
  const named = headers[accountHeader];
  return typeof named === 'string' && named !== '' ? named : undefined;
}

function callerOfKey({ id, name, accountId, scopes }: ApiKey): Caller {
  const kind = accountId === null ? 'operatorKey' : 'key';
  return { accountId, scopes, role: null, actor: { kind, id, name }, masksNumbers: false };
}

function bearerKey(authorization: string): string {
  if (authorization.slice(0, 7).toLowerCase() !== 'bearer ') {
    throw new HookwireError('unauthorized', 'The Authorization header must be "Bearer" and an API key.');
  }
  return authorization.slice(7).trim();
}

/** One cookie of a `Cookie` header, as `name=value`. */
export function readCookie(header: string | undefined, name: string): string | null {
  if (header === undefined) return null;
  for (const part of header.split(';')) {
    const cookie = part.trim();
    if (cookie.startsWith(`${name}=`)) return cookie;
  }
  return null;
}

/**
 * @param aboutAccount the account that the path names, if it names one
 * @throws HookwireError `forbidden`, naming the scope that is missing; `not_found` where only operators may call and the
 * path names another account than the caller's
 */
export function requireAccess(
  caller: Caller,
  access: Exclude<RouteAccess, 'public'>,
  aboutAccount: string | null = null,
): void {
  if (caller.accountId === null) return;
  if (access === 'operator') {
    if (aboutAccount !== null && aboutAccount !== caller.accountId) throw notFound('account', aboutAccount);
    if (caller.role === 'operator') return;
    const who =
      caller.role === null
        ? 'Only an operator key may do this; this key belongs to an account.'
        : 'Only an operator may do this.';
    throw new HookwireError('forbidden', who);
  }
  const enough = scopesOf(access);
  if (caller.scopes.includes('admin') || enough.some((scope) => caller.scopes.includes(scope))) return;
  const named = enough.map((scope) => `"${scope}"`).join(' or ');
  const who = caller.role === null ? 'The key' : `The role "${caller.role}"`;
  const orAll = enough.some((scope) => scope === 'admin') ? '' : ' (or "admin")';
  throw new HookwireError('forbidden', `${who} lacks the scope ${named}${orAll}.`);
}

/** The scopes of which any one is enough. */
export function scopesOf(access: Exclude<RouteAccess, 'public' | 'operator'>): readonly Scope[] {
  return typeof access === 'string' ? [access] : access;
}
