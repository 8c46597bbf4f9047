import { createHash, randomBytes } from 'node:crypto';
import type { AuthContext } from 'better-auth';
import type { KeptLink, LinkIssuer } from '../stores/ports/access.ts';
import type { Person } from '../stores/ports/people.ts';

/** What a link by which somebody sets a password is for. */
export type LinkPurpose = 'invitation' | 'reset';

/** A link that is to be kept, and what its person gets. */
export interface NewLink extends KeptLink {
  readonly token: string;
}

export interface OpenLink {
  readonly person: Person;
  /** What it is kept by. */
  readonly identifier: string;
  readonly purpose: LinkPurpose;
  readonly expiresAt: number;
  readonly issuer: LinkIssuer;
}

/** Links that set a password, kept hashed in better-auth's table; `stores/ports/access.ts` keeps them and uses them up. */
export interface PasswordLinks {
  make(purpose: LinkPurpose, issuer: LinkIssuer): NewLink;
  /** What a link would be for now: a person who has no way to come in was only invited. */
  purposeFor(personId: string): Promise<LinkPurpose>;
  /** What a token is good for; `null`: nothing (any more). */
  open(token: string): Promise<OpenLink | null>;
}

const hour = 60 * 60 * 1000;
const goodForMs = { invitation: 72 * hour, reset: 24 * hour } as const satisfies Record<LinkPurpose, number>;
// The first letter of a token tells who issued it; a token is good as a whole or not at all.
const letters = { operator: 'o', owner: 'w' } as const satisfies Record<LinkIssuer, string>;

/** What better-auth's own reset tokens are found by. */
function named(token: string): string {
  return `reset-password:${token}`;
}

/** As better-auth hashes it. */
function hashed(token: string): string {
  return createHash('sha256').update(named(token)).digest('base64url');
}

/** The instants are better-auth's, which takes them from `Date`. */
export function createPasswordLinks(
  context: () => Promise<Pick<AuthContext, 'internalAdapter'>>,
): PasswordLinks {
  async function purposeFor(personId: string): Promise<LinkPurpose> {
    const { internalAdapter } = await context();
    return (await internalAdapter.findAccounts(personId)).length > 0 ? 'reset' : 'invitation';
  }

  return {
    purposeFor,

    make(purpose, issuer) {
      const token = `${letters[issuer]}${randomBytes(32).toString('base64url')}`;
      return { token, identifier: hashed(token), expiresAt: Date.now() + goodForMs[purpose] };
    },

    async open(token) {
      const { internalAdapter } = await context();
      const found = await internalAdapter.findVerificationValue(named(token));
      if (!found || found.expiresAt.getTime() <= Date.now()) return null;
      const user = await internalAdapter.findUserById(found.value);
      if (!user) return null;
      return {
        person: { id: user.id, name: user.name, email: user.email },
        identifier: hashed(token),
        purpose: await purposeFor(user.id),
        expiresAt: found.expiresAt.getTime(),
        issuer: token.startsWith(letters.operator) ? 'operator' : 'owner',
      };
    },
  };
}
