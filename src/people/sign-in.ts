import { HookwireError, invalidInput } from '../core/errors.ts';
import type { Access } from '../stores/ports/access.ts';
import type { Person } from '../stores/ports/people.ts';
import { type AuthAnswer, asCookieHeader, ask, type Client } from './ask.ts';
import type { Attempts } from './attempts.ts';
import type { Auth } from './better-auth.ts';
import { networkOf } from './network.ts';
import type { PasswordLinks } from './password-links.ts';
import type { Passwords } from './passwords.ts';
import type { SignedIn } from './person.ts';

export interface SignInParts {
  readonly auth: () => Promise<Auth>;
  readonly access: Pick<Access, 'era' | 'setPassword' | 'changePassword'>;
  readonly publicUrl: () => string;
  readonly attempts: Attempts;
  readonly passwords: Passwords;
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
  changePassword(person: Person, current: string, next: string, client: Client): Promise<SignedIn>;
  /** `Set-Cookie` headers that make the browser forget. */
  out(cookie: string, client: Client): Promise<readonly string[]>;
}

/** A password, by a link that was handed out. */
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

/** Of changes of a password from one network: each asks for the one before. */
const limitOfChanges = { most: 10, windowMs: 60_000 };

export function createSignIn(parts: SignInParts): SignIn {
  const { auth, access, publicUrl, attempts, passwords, links, find } = parts;

  /** Whoever the answer's cookies sign in. */
  async function signedIn({ cookies }: AuthAnswer): Promise<SignedIn> {
    const found = await find(asCookieHeader(cookies));
    if (!found) throw new HookwireError('invalid_credentials', wrong);
    return { ...found, cookies };
  }

  function refuseWhenBusy(): void {
    if (passwords.waiting <= mostWaiting) return;
    throw new HookwireError('overloaded', 'Too many people sign in right now.', { retryAfterSeconds: 5 });
  }

  async function byPassword(email: string, password: string, client: Client): Promise<SignedIn> {
    const network = networkOf(client.address);
    const key = `${network} ${email.toLowerCase()}`;
    const waitMs = attempts.take(network, limitOfNetwork) ?? attempts.take(key, limit);
    if (waitMs !== null) throw tooMany(Math.ceil(waitMs / 1000));
    refuseWhenBusy();
    const found = await enter(email, password, client);
    attempts.forgive(key);
    return found;
  }

  /** The era is noted before the password is looked at, so what is revoked meanwhile counts. */
  async function enter(email: string, password: string, client: Client): Promise<SignedIn> {
    const era = await access.era();
    const body = { email, password };
    const answer = await ask(await auth(), publicUrl(), 'POST', '/sign-in/email', { body, client, era });
    refuseTooMany(answer);
    if (answer.status >= 500 && (await isKnown(email))) throw failed('sign-in', answer);
    if (answer.status !== 200) throw new HookwireError('invalid_credentials', wrong);
    return signedIn(answer);
  }

  /** Who is removed while the password is looked at gets no session, which better-auth takes for a failure. */
  async function isKnown(email: string): Promise<boolean> {
    const { internalAdapter } = await (await auth()).$context;
    return (await internalAdapter.findUserByEmail(email)) !== null;
  }

  return {
    byPassword,

    async byLink({ token, password, name }, client) {
      const link = await links.open(token);
      if (!link) throw linkExpired();
      refuseWhenBusy();
      const { person, identifier, issuer } = link;
      const set = await access.setPassword({
        identifier,
        personId: person.id,
        hash: await passwords.hash(password),
        confirms: issuer === 'operator',
        name,
      });
      if (!set) throw linkExpired();
      // The link has proved who it is: wrong passwords that somebody tried before do not count.
      return enter(person.email, password, client);
    },

    async changePassword({ id, email }, current, next, client) {
      const waitMs = attempts.take(`${networkOf(client.address)} change`, limitOfChanges);
      if (waitMs !== null) throw tooMany(Math.ceil(waitMs / 1000));
      refuseWhenBusy();
      const { internalAdapter } = await (await auth()).$context;
      const ways = await internalAdapter.findAccounts(id);
      const held = ways.find(({ providerId }) => providerId === 'credential')?.password;
      if (!held) throw new HookwireError('conflict', 'You have no password here: you sign in elsewhere.');
      const isRight = await passwords.verify({ hash: held, password: current });
      // Compared again where it is replaced: another one may have been set meanwhile.
      if (!isRight || !(await access.changePassword(id, held, await passwords.hash(next)))) {
        throw invalidInput([{ path: 'currentPassword', message: 'is not the password that you have now.' }]);
      }
      return enter(email, next, client);
    },

    async out(cookie, client) {
      return (await ask(await auth(), publicUrl(), 'POST', '/sign-out', { body: {}, cookie, client }))
        .cookies;
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
