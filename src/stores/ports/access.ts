import type { Member, Person } from './people.ts';

/** Who hands a link for a password on: an operator vouches that it goes to whom the address belongs to. */
export type LinkIssuer = 'operator' | 'owner';

/** A link that sets a password, as it is kept. */
export interface KeptLink {
  /** The hash that its token is found by. */
  readonly identifier: string;
  /** ms since the Unix epoch. */
  readonly expiresAt: number;
}

/** A password that is set by a link. */
export interface PasswordByLink {
  readonly identifier: string;
  readonly personId: string;
  readonly hash: string;
  /** The link came from an operator, so its use proves whose the address is. */
  readonly confirms: boolean;
  readonly name?: string | undefined;
}

/** The first operator. */
export interface FirstOperator extends Person {
  readonly hash: string;
  readonly memberId: string;
  readonly createdAt: number;
}

/**
 * What people come in by, and what ends it. Each call is one transaction that looks at what it depends on, so that it
 * does not matter what else is under way.
 *
 * Whatever takes a way in away (here *revokes*: it ends the person's password, links for one, and sessions; what a
 * provider of OpenID Connect vouches for stays) begins a new *era*. A sign-in notes the era before it looks at a
 * password, and its session is good as long as nothing was revoked of the person since. So one that was under way does
 * not outlive the revocation, whichever is written first.
 *
 * A person is *confirmed* where somebody whom the platform trusts vouches for the address; see `people/portal-people.ts`.
 */
export interface Access {
  /** The era that it is. */
  era(): Promise<number>;
  /** Makes a person with a first role and a link. `known`: the address is somebody's. */
  enrol(
    person: Person,
    role: Omit<Member, 'personId'>,
    link: KeptLink,
  ): Promise<'added' | 'known' | 'no account'>;
  /** Gives a further role to who is confirmed. `taken`: the person has one there. */
  addConfirmed(member: Member): Promise<'added' | 'taken' | 'no account' | 'not confirmed'>;
  /**
   * Gives a role to who is not confirmed, who begins anew with this link: everything before is revoked.
   * @param by an owner may do this only to who has no role at all (`elsewhere`)
   */
  addAnew(
    member: Member,
    link: KeptLink,
    by: LinkIssuer,
  ): Promise<'added' | 'taken' | 'elsewhere' | 'no account' | 'confirmed'>;
  /**
   * Leaves a link for a member, in place of those before. From an owner's on, the person is not confirmed: the owner may
   * be the one who uses it. So an owner leaves none to who has a role elsewhere.
   */
  leaveLink(
    member: Pick<Member, 'id' | 'personId' | 'accountId'>,
    link: KeptLink,
    by: LinkIssuer,
  ): Promise<boolean>;
  /** Uses a link up: revokes, and sets the password. `false`: the link is not good (any more). */
  setPassword(password: PasswordByLink): Promise<boolean>;
  /** Revokes, and puts `to` in the place of `from`; `false` where that is not the password's hash any more. */
  changePassword(personId: string, from: string, to: string): Promise<boolean>;
  /**
   * A provider vouches for the person's address. Whoever set up a person that was not confirmed may have been somebody
   * else, so theirs is revoked. The era after that; `null` where the person was confirmed before.
   */
  vouch(personId: string): Promise<number | null>;
  /** Makes the first operator, also of who is known, and revokes what was before; `false` where there is an operator. */
  setUp(operator: FirstOperator): Promise<boolean>;
}
