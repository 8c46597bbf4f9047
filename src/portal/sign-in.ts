import { HookwireError, invalidInput } from '../core/errors.ts';
import { type AuthAnswer, asCookieHeader, ask, type Client } from './ask.ts';
import type { Attempts } from './attempts.ts';
import type { Auth } from './better-auth.ts';
import { networkOf } from './network.ts';
import type { PasswordLinks } from './password-links.ts';
import type { Passwords } from './passwords.ts';
import type { SignedIn } from './person.ts';

export interface SignInParts {
  readonly auth: () => Promise<Auth>;
  readonly publicUrl: () => string;
  readonly attempts: Attempts;
  readonly passwords: Pick<Passwords, 'waiting'>;
  readonly links: PasswordLinks;
  /** Who a `Cookie` header belongs to. */
  readonly find: (cookie: string) => Promise<SignedIn | null>;
}

export interface SignIn {
  /** @throws HookwireError `invalid_credentials`, `too_many_attempts`, `overloaded` */
  byPassword(email: string, password: string, client: Client): Promise<SignedIn>;
  /** Sets a password by a link, and signs in. @throws HookwireError `link_expired`, `too_many_attempts` */
  byLink(link: SetPassword, client: Client): Promise<SignedIn>;
  /** @throws HookwireError `invalid_input` when the current password is another one */
  changePassword(cookie: string, current: string, next: string, client: Client): Promise<SignedIn>;
  /** `Set-Cookie` headers that make the browser forget. */
  out(cookie: string, client: Client): Promise<readonly string[]>;
}

export interface SetPassword {
  readonly token: string;
  readonly password: string;
  readonly name?: string | undefined;
}

/** Wrong passwords from one network for one e-mail; a right one forgives. */
const limit = { most: 5, windowMs: 60_000 };
/** Sign-ins from one network, whoever it tries to be. Refused before anything else is counted or asked. */
const limitOfNetwork = { most: 60, windowMs: 60_000 };
const mostWaiting = 50;

export function createSignIn({ auth, publicUrl, attempts, passwords, links, find }: SignInParts): SignIn {
  const post = async (path: string, body: object, client: Client, cookie?: string) =>
    ask(await auth(), publicUrl(), 'POST', path, { body, cookie, client });

  /** Whoever the answer's cookies sign in. */
  async function signedIn({ cookies }: AuthAnswer): Promise<SignedIn> {
    const found = await find(asCookieHeader(cookies));
    if (!found) throw new HookwireError('invalid_credentials', wrong);
    return { ...found, cookies };
  }

  async function byPassword(email: string, password: string, client: Client): Promise<SignedIn> {
    const network = networkOf(client.address);
    const key = `${network} ${email.toLowerCase()}`;
    const waitMs = attempts.take(network, limitOfNetwork) ?? attempts.take(key, limit);
    if (waitMs !== null) throw tooMany(Math.ceil(waitMs / 1000));
    if (passwords.waiting > mostWaiting) {
      throw new HookwireError('overloaded', 'Too many people sign in right now.', { retryAfterSeconds: 5 });
    }
    const found = await enter(email, password, client);
    attempts.forgive(key);
    return found;
  }

  async function enter(email: string, password: string, client: Client): Promise<SignedIn> {
    const answer = await post('/sign-in/email', { email, password }, client);
    refuseTooMany(answer);
    if (answer.status >= 500) throw failed('sign-in', answer);
    if (answer.status !== 200) throw new HookwireError('invalid_credentials', wrong);
    return signedIn(answer);
  }

  return {
    byPassword,

    async byLink({ token, password, name }, client) {
      const link = await links.open(token);
      if (!link) throw linkExpired();
      const answer = await post('/reset-password', { token, newPassword: password }, client);
      refuseTooMany(answer);
      if (answer.code === 'INVALID_TOKEN') throw linkExpired();
      if (answer.status !== 200) throw failed('password link', answer);
      const { internalAdapter } = await (await auth()).$context;
      await links.revoke(link.person.id);
      const confirmed = link.issuer === 'operator' ? { confirmed: true, emailVerified: true } : {};
      await internalAdapter.updateUser(link.person.id, { ...confirmed, ...(name !== undefined && { name }) });
      // The link has proved who it is: wrong passwords that somebody tried before do not count.
      return enter(link.person.email, password, client);
    },

    async changePassword(cookie, current, next, client) {
      const body = { currentPassword: current, newPassword: next, revokeOtherSessions: true };
      const answer = await post('/change-password', body, client, cookie);
      refuseTooMany(answer);
      if (answer.code === 'INVALID_PASSWORD') {
        throw invalidInput([{ path: 'currentPassword', message: 'is not the password that you have now.' }]);
      }
      if (answer.code === 'CREDENTIAL_ACCOUNT_NOT_FOUND') {
        throw new HookwireError('conflict', 'You have no password here: you sign in elsewhere.');
      }
      if (answer.status !== 200) throw failed('change of a password', answer);
      return signedIn(answer);
    },

    async out(cookie, client) {
      return (await post('/sign-out', {}, client, cookie)).cookies;
    },
  };
}

const wrong = 'The e-mail address or the password is wrong.';

export function linkExpired(): HookwireError {
  return new HookwireError(
    'link_expired',
    'The link was used, or a newer one was made, or its time is over. Ask for a new one.',
  );
}

function refuseTooMany({ status, retryAfterSeconds }: AuthAnswer): void {
  if (status === 429) throw tooMany(retryAfterSeconds ?? 60);
}

function tooMany(retryAfterSeconds: number): HookwireError {
  return new HookwireError('too_many_attempts', 'There were too many attempts: wait a little.', {
    retryAfterSeconds,
  });
}

function failed(what: string, { status, code }: AuthAnswer): HookwireError {
  return new HookwireError('internal', 'The gateway failed to answer; its log says why.', {
    cause: new Error(`better-auth answered the ${what} with ${status} ${code}.`),
  });
}
