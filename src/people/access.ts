import { AsyncLocalStorage } from 'node:async_hooks';

/** Whether somebody whom the platform trusts vouches that the address is the person's: an operator, or the provider. */
export function isConfirmed(person: object): boolean {
  return 'confirmed' in person && person.confirmed === true;
}

/** A call of better-auth that may end in a session. */
export interface SignInUnderWay {
  /** The era of access (`stores/ports/access.ts`) in which what proves the person began to be checked. */
  era: number;
}

/**
 * Tells better-auth's hooks of the call that they serve. Not by a header, since a hook may change it: a provider that
 * vouches for a person revokes what was before, and its own session is to be good.
 */
export const signInUnderWay = new AsyncLocalStorage<SignInUnderWay | undefined>();

/** Whether a session of this era is good for the person, as better-auth gives them. */
export function isOfThisEra(session: { readonly era: number }, person: object): boolean {
  return 'era' in person && typeof person.era === 'number' && session.era >= person.era;
}
