import type { Membership, Person } from '../stores/ports/people.ts';

/** How somebody signed in. */
export type SignInWay = 'password' | 'oidc';

/** Somebody who is signed in. */
export interface SignedIn {
  readonly person: Person;
  readonly via: SignInWay;
  /** At least one. */
  readonly memberships: readonly [Membership, ...Membership[]];
  /** `Set-Cookie` headers for the answer; none where the browser has what it needs. */
  readonly cookies: readonly string[];
}
