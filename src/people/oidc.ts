import { HookwireError } from '../core/errors.ts';
import type { Access } from '../stores/ports/access.ts';
import { ask, type Client } from './ask.ts';
import { oidcProviderId } from './auth-names.ts';
import type { Auth } from './better-auth.ts';

/** Where a browser goes next, and what it keeps. */
export interface Redirect {
  readonly location: string;
  readonly cookies: readonly string[];
}

/** How a browser came back; `too many`: it was not looked at, since its address asks too often. */
export interface OidcReturn extends Redirect {
  readonly outcome: 'signed in' | 'refused' | 'too many';
}

/** Signing in at the provider of OpenID Connect. */
export interface Oidc {
  /** To the provider. */
  start(client: Client): Promise<Redirect>;
  /** Back from it: to the portal's first page, or to the sign-in page with `?problem=not_invited` or `oidc_failed`. */
  finish(query: string, cookie: string | undefined, client: Client): Promise<OidcReturn>;
}

const afterwards = '/';
const problemPage = '/sign-in';
/** What better-auth calls it when it knows nobody with the address that the provider vouches for. */
const notInvited = ['signup_disabled', 'account_not_linked'];

export function createOidc(
  auth: () => Promise<Auth>,
  publicUrl: () => string,
  access: Pick<Access, 'era'>,
): Oidc {
  return {
    async start(client) {
      const body = {
        provider: oidcProviderId,
        callbackURL: afterwards,
        errorCallbackURL: problemPage,
        disableRedirect: true,
      };
      const answer = await ask(await auth(), publicUrl(), 'POST', '/sign-in/social', { body, client });
      if (answer.status === 429) {
        throw new HookwireError('too_many_attempts', 'There were too many attempts: wait a little.', {
          retryAfterSeconds: answer.retryAfterSeconds ?? 60,
        });
      }
      const { body: found } = answer;
      const url = typeof found === 'object' && found !== null ? Reflect.get(found, 'url') : null;
      if (typeof url !== 'string') return { location: `${problemPage}?problem=oidc_failed`, cookies: [] };
      return { location: url, cookies: answer.cookies };
    },

    async finish(query, cookie, client) {
      const path = `/callback/${oidcProviderId}${query}`;
      const era = await access.era();
      const answer = await ask(await auth(), publicUrl(), 'GET', path, { cookie, client, era });
      const { location, cookies } = answer;
      const error = location === null ? 'none' : new URL(location, publicUrl()).searchParams.get('error');
      if (error === null) return { location: afterwards, cookies, outcome: 'signed in' };
      const problem = notInvited.includes(error) ? 'not_invited' : 'oidc_failed';
      const outcome = answer.status === 429 ? 'too many' : 'refused';
      return { location: `${problemPage}?problem=${problem}`, cookies, outcome };
    },
  };
}
