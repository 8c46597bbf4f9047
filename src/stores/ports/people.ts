import type { Role } from '../../core/roles.ts';
import type { Page, PageRequest } from './page.ts';

/** Somebody who can sign in, or has been invited to. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** In lower case. */
  readonly email: string;
}

/** One role of one person: as an operator (`accountId: null`), or in one account. */
export interface Member {
  readonly id: string;
  readonly personId: string;
  readonly accountId: string | null;
  readonly role: Role;
  readonly createdAt: number;
}

/** A member as lists show it. */
export interface MemberEntry extends Member {
  readonly name: string;
  readonly email: string;
  /** When the person last used this role; `null`: never. Some minutes old at most. */
  readonly lastSeenAt: number | null;
  /** The person has been invited and has no way to sign in yet. */
  readonly invited: boolean;
}

/** A role as its person sees it. */
export interface Membership {
  readonly id: string;
  readonly role: Role;
  readonly accountId: string | null;
  readonly accountName: string | null;
  readonly lastSeenAt: number | null;
}

export interface MemberFilter {
  /** `null`: every account's, and the operators. */
  readonly accountId: string | null;
  readonly role?: Role;
}

/** `last`: nobody else with the role is left who can sign in, so nothing was changed. */
export type MemberChange = 'done' | 'last' | 'none';

/**
 * Who has which role where; `access.ts` gives roles. Who the people are (names, addresses, passwords, sessions) is kept by the library that signs
 * them in, in the same database; a person without a role is forgotten.
 */
export interface People {
  /** Newest first. */
  list(filter: MemberFilter, page: PageRequest): Promise<Page<MemberEntry>>;
  get(id: string): Promise<MemberEntry | null>;
  /** A person's roles, as an operator first, then by the accounts' names. */
  ofPerson(personId: string): Promise<readonly Membership[]>;
  hasOperator(): Promise<boolean>;
  /** Gives a member of an account another role there. */
  changeRole(id: string, role: Role): Promise<MemberChange>;
  /** Ends a role; with the last one the person's sessions, password and links end too. */
  remove(id: string): Promise<MemberChange>;
  /** Notes that a role is in use. */
  seen(id: string, at: number): Promise<void>;
}
