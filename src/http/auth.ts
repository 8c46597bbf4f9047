import type { IncomingHttpHeaders } from 'node:http';
import { hashKey } from '../core/api-key.ts';
import { HookwireError } from '../core/errors.ts';
import type { Scope } from '../core/scopes.ts';
import type { ApiKey, Directory } from '../stores/ports/directory.ts';
import type { Caller } from './caller.ts';
import type { Services } from './services.ts';
import { notFound } from './tenancy.ts';

/** Who may call a route: everybody, operators only, or whoever has the scope, or any one of several. */
export type Access = 'public' | 'operator' | Scope | readonly [Scope, Scope, ...Scope[]];

/** What a request shows of who makes it. */
export interface Credentials {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Authenticator {
  /** @throws HookwireError `unauthorized` */
  authenticate(request: Credentials): Promise<Caller>;
  /** Makes what was deleted or changed (keys, roles, who is signed in) count at once. */
  forget(): void;
}

const environmentOperator: Caller = {
  accountId: null,
  scopes: [],
  role: null,
  actor: { kind: 'operatorKey', id: 'environment', name: 'HOOKWIRE_OPERATOR_KEY' },
  masksNumbers: false,
};
const rememberMs = 5_000;
const mostRemembered = 10_000;

/**
 * Finds callers by the hash of their key. Keys that were found are remembered for 5 s, since every
 * `POST /v1/events` asks; those that were not are looked up each time.
 */
export function createAuthenticator(
  services: Pick<Services, 'clock' | 'operator'> & { directory: Pick<Directory, 'findKeyByHash'> },
): Authenticator {
  const remembered = new Map<string, { caller: Caller; until: number }>();

  async function find(hash: string): Promise<Caller | null> {
    if (services.operator.isOperatorKey(hash)) return environmentOperator;
    const key = await services.directory.findKeyByHash(hash);
    return key && callerOfKey(key);
  }

  return {
    async authenticate({ headers }) {
      const hash = hashKey(bearerKey(headers.authorization));
      const known = remembered.get(hash);
      const now = services.clock.now();
      if (known && known.until > now) return known.caller;
      const caller = await find(hash);
      if (!caller) {
        remembered.delete(hash);
        throw new HookwireError('unauthorized', 'The API key is not known.');
      }
      if (remembered.size >= mostRemembered) remembered.clear();
      remembered.set(hash, { caller, until: now + rememberMs });
      return caller;
    },
    forget: () => remembered.clear(),
  };
}

function callerOfKey({ id, name, accountId, scopes }: ApiKey): Caller {
  const kind = accountId === null ? 'operatorKey' : 'key';
  return { accountId, scopes, role: null, actor: { kind, id, name }, masksNumbers: false };
}

function bearerKey(authorization: string | undefined): string {
  if (authorization === undefined) {
    throw new HookwireError('unauthorized', 'Send an API key: "Authorization: Bearer hw_…".');
  }
  if (authorization.slice(0, 7).toLowerCase() !== 'bearer ') {
    throw new HookwireError('unauthorized', 'The Authorization header must be "Bearer" and an API key.');
  }
  return authorization.slice(7).trim();
}

/**
 * @param aboutAccount the account that the path names, if it names one
 * @throws HookwireError `forbidden`, naming the scope that is missing; `not_found` where only operators may call and the
 * path names another account than the key's
 */
export function requireAccess(
  caller: Caller,
  access: Exclude<Access, 'public'>,
  aboutAccount: string | null = null,
): void {
  if (caller.accountId === null) return;
  if (access === 'operator') {
    if (aboutAccount !== null && aboutAccount !== caller.accountId) throw notFound('account', aboutAccount);
    throw new HookwireError('forbidden', 'Only an operator key may do this; this key belongs to an account.');
  }
  const enough = scopesOf(access);
  if (caller.scopes.includes('admin') || enough.some((scope) => caller.scopes.includes(scope))) return;
  const named = enough.map((scope) => `"${scope}"`).join(' or ');
  throw new HookwireError('forbidden', `The key lacks the scope ${named} (or "admin").`);
}

/** The scopes of which any one is enough. */
export function scopesOf(access: Exclude<Access, 'public' | 'operator'>): readonly Scope[] {
  return typeof access === 'string' ? [access] : access;
}
