import type { Clock } from '../core/clock.ts';
import { HookwireError } from '../core/errors.ts';
import { randomId } from '../core/ids.ts';
import type { Access } from '../stores/ports/access.ts';
import type { LibraryDatabase } from '../stores/ports/library-database.ts';
import type { Membership, People } from '../stores/ports/people.ts';
import { isOfThisEra } from './access.ts';
import type { Client } from './ask.ts';
import { createAttempts } from './attempts.ts';
import { sessionCookieName } from './auth-names.ts';
import type { OidcProvider } from './better-auth.ts';
import { createManagePeople, type ManagePeople } from './manage-people.ts';
import { createOidc, type Oidc } from './oidc.ts';
import { createPasswordLinks, type OpenLink } from './password-links.ts';
import { createPasswords, type Passwords, passwordLength } from './passwords.ts';
import type { SignedIn } from './person.ts';
import { createSetUpLink } from './set-up-link.ts';
import { createSignIn, linkExpired, type SignIn } from './sign-in.ts';
import { createSignInLog } from './sign-in-log.ts';

export interface PortalPeopleParts {
  readonly people: People;
  readonly access: Access;
  /** The gateway's own database, for better-auth. */
  readonly database: LibraryDatabase;
  readonly secret: string;
  /** Where people reach the gateway; known once it listens. */
  readonly publicUrl: () => string;
  readonly oidc: OidcProvider | null;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: { warn(details: object, message: string): void };
  /** The real ones unless told. */
  readonly passwords?: Passwords | undefined;
}

/** The first operator, by the set-up link; who comes by another link has an address already. */
export interface SetUpRequest {
  readonly token: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** People: who they are, how they come in, what they may do. */
export interface PortalPeople {
  readonly publicUrl: () => string;
  /** The name of the cookie that says who is signed in. */
  readonly sessionCookie: () => string;
  readonly passwordLength: { readonly min: number; readonly max: number };
  /** `null`: there is no provider. */
  readonly oidc: (Oidc & { readonly name: string }) | null;
  readonly signIn: SignIn;
  readonly manage: ManagePeople;
  /** Whether there is no operator yet. */
  setUpNeeded(): Promise<boolean>;
  /** A new link by which the first operator is made; `null` where there is one. Ends those before. */
  issueSetUpLink(): Promise<string | null>;
  /** @throws HookwireError `link_expired` */
  setUp(operator: SetUpRequest, client: Client): Promise<SignedIn>;
  /**
   * Who a `Cookie` header belongs to.
   * @param prolong whether this is a use that lets the session last longer, once a day; the answer must then carry the
   * cookies, or the browser's ends before the session does
   */
  find(cookie: string, prolong?: boolean): Promise<SignedIn | null>;
  /** Notes that a role is in use, at most once a minute. */
  seen(membership: Membership): Promise<void>;
  readLink(token: string): Promise<OpenLink | null>;
  rename(personId: string, name: string): Promise<void>;
  /** Whether somebody has this address. */
  isPerson(email: string): Promise<boolean>;
}

const seenEveryMs = 60_000;

/** Nothing of better-auth is loaded (some 0.3 s of CPU and 25 MB) before somebody signs in or is looked for. */
export function createPortalPeople(parts: PortalPeopleParts): PortalPeople {
  const { people, access, database, secret, publicUrl, oidc, clock, log } = parts;
  const attempts = createAttempts(clock);
  const passwords = parts.passwords ?? createPasswords();
  const setUpLink = createSetUpLink(clock);
  const shared = {
    database,
    secret,
    attempts,
    passwords,
    access,
    signInLog: createSignInLog({ clock, log }),
  };
  const auth = once(async () =>
    (await import('./better-auth.ts')).createAuth({ ...shared, publicUrl: publicUrl(), oidc: null }),
  );
  // One of its own, since it does nothing before it has reached the provider: nobody else is to wait for that.
  const oidcAuth = once(async () =>
    (await import('./better-auth.ts')).createAuth({ ...shared, publicUrl: publicUrl(), oidc }),
  );
  const context = async () => (await auth()).$context;
  const links = createPasswordLinks(context);
  const signIn = createSignIn({ auth, access, publicUrl, attempts, passwords, links, find });

  async function find(cookie: string, prolong = false): Promise<SignedIn | null> {
    const { headers, response } = await (await auth()).api.getSession({
      headers: new Headers({ cookie }),
      query: { disableRefresh: !prolong },
      returnHeaders: true,
    });
    if (!response) return null;
    const { user, session } = response;
    if (!isOfThisEra(session, user)) return null;
    const [first, ...more] = await people.ofPerson(user.id);
    if (!first) return null;
    return {
      person: { id: user.id, name: user.name, email: user.email },
      via: session.via === 'oidc' ? 'oidc' : 'password',
      memberships: [first, ...more],
      cookies: headers.getSetCookie(),
    };
  }

  async function makeOperator({ name, email, password }: SetUpRequest): Promise<void> {
    const made = await access.setUp({
      id: randomId('per'),
      name,
      email: email.toLowerCase(),
      hash: await passwords.hash(password),
      memberId: randomId('mem'),
      createdAt: clock.now(),
    });
    if (!made) throw linkExpired();
  }

  return {
    publicUrl,
    sessionCookie: () => sessionCookieName(publicUrl()),
    passwordLength,
    oidc: oidc && { name: oidc.name, ...createOidc(oidcAuth, publicUrl, access) },
    signIn,
    manage: createManagePeople({ people, access, links, clock, context, publicUrl }),
    setUpNeeded: async () => !(await people.hasOperator()),
    async issueSetUpLink() {
      if (await people.hasOperator()) return null;
      return `${publicUrl()}/setup#token=${setUpLink.issue()}`;
    },
    async setUp(operator, client) {
      if (!(await setUpLink.use(operator.token, () => makeOperator(operator)))) throw linkExpired();
      return signIn.byPassword(operator.email, operator.password, client);
    },
    find,
    async seen({ id, lastSeenAt }) {
      const now = clock.now();
      if (lastSeenAt === null || now - lastSeenAt >= seenEveryMs) await people.seen(id, now);
    },
    readLink: links.open,
    async isPerson(email) {
      const { internalAdapter } = await context();
      return (await internalAdapter.findUserByEmail(email.toLowerCase())) !== null;
    },
    async rename(personId, name) {
      const { internalAdapter } = await context();
      const renamed = await internalAdapter.updateUser(personId, { name });
      if (!renamed) throw new HookwireError('not_found', 'The person is not there any more.');
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: T | null = null;
  return () => (made ??= make());
}
