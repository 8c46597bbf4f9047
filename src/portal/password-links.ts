import { randomBytes } from 'node:crypto';
import type { AuthStore } from './access.ts';
import type { Person } from './person.ts';

/** What a link by which somebody sets a password is for. */
export type LinkPurpose = 'invitation' | 'reset';

/** Who hands the link on: an operator vouches that it goes to whom the address belongs to. */
export type LinkIssuer = 'operator' | 'owner';

export interface IssuedLink {
  readonly token: string;
  readonly expiresAt: number;
}

export interface OpenLink {
  readonly person: Person;
  readonly purpose: LinkPurpose;
  readonly expiresAt: number;
  readonly issuer: LinkIssuer;
}

/** Links that set a password, as better-auth's reset tokens: kept hashed, good once. */
export interface PasswordLinks {
  /** Makes a person's link; those before end. */
  issue(personId: string, issuer: LinkIssuer): Promise<IssuedLink>;
  /** What a token is good for; `null`: nothing (any more). */
  open(token: string): Promise<OpenLink | null>;
  /** Ends a person's links. */
  revoke(personId: string): Promise<void>;
}

const hour = 60 * 60 * 1000;
const goodForMs = { invitation: 72 * hour, reset: 24 * hour } as const satisfies Record<LinkPurpose, number>;
// The first letter of a token tells who issued it; a token is good as a whole or not at all.
const letters = { operator: 'o', owner: 'w' } as const satisfies Record<LinkIssuer, string>;

/** What better-auth's `/reset-password` looks for. */
function identifier(token: string): string {
  return `reset-password:${token}`;
}

/** The instants are better-auth's, which takes them from `Date`. */
export function createPasswordLinks(context: () => Promise<AuthStore>): PasswordLinks {
  async function revoke(personId: string): Promise<void> {
    const { adapter } = await context();
    await adapter.deleteMany({ model: 'verification', where: [{ field: 'value', value: personId }] });
  }

  async function purposeFor(personId: string): Promise<LinkPurpose> {
    const { internalAdapter } = await context();
    return (await internalAdapter.findAccounts(personId)).length > 0 ? 'reset' : 'invitation';
  }

  return {
    async issue(personId, issuer) {
      const { internalAdapter } = await context();
      await revoke(personId);
      const token = `${letters[issuer]}${randomBytes(32).toString('base64url')}`;
      const expiresAt = Date.now() + goodForMs[await purposeFor(personId)];
      await internalAdapter.createVerificationValue({
        identifier: identifier(token),
        value: personId,
        expiresAt: new Date(expiresAt),
      });
      return { token, expiresAt };
    },

    async open(token) {
      const { internalAdapter } = await context();
      const found = await internalAdapter.findVerificationValue(identifier(token));
      if (!found || found.expiresAt.getTime() <= Date.now()) return null;
      const user = await internalAdapter.findUserById(found.value);
      if (!user) return null;
      return {
        person: { id: user.id, name: user.name, email: user.email },
        purpose: await purposeFor(user.id),
        expiresAt: found.expiresAt.getTime(),
        issuer: token.startsWith(letters.operator) ? 'operator' : 'owner',
      };
    },

    revoke,
  };
}
