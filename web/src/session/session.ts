import { queryOptions, useQuery } from '@tanstack/react-query';
import { getSession } from '../api/session.ts';

export type Role = 'operator' | 'owner' | 'developer' | 'viewer';

export interface Membership {
  readonly role: Role;
  /** `null` for an operator, who belongs to no account. */
  readonly accountId: string | null;
  readonly accountName: string | null;
}

export interface Session {
  readonly signedIn: boolean;
  /** Nobody can sign in yet: the operator is made by the set-up link. */
  readonly setupNeeded: boolean;
  readonly minPasswordLength: number;
  readonly oidc: { readonly name: string } | null;
  readonly via: 'password' | 'oidc' | 'portalLink' | null;
  readonly person: { readonly id: string; readonly name: string; readonly email: string } | null;
  readonly memberships: readonly Membership[];
}

/** Who is signed in, and what they belong to. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: getSession,
  staleTime: 60_000,
});

export function useSession(): Session | undefined {
  return useQuery(sessionQuery).data;
}

/** The role that somebody has in an account; operators have theirs in every one. */
export function roleIn(session: Session | undefined, accountId: string): Role | null {
  const own = session?.memberships.find((membership) => membership.accountId === accountId);
  return isOperator(session) ? 'operator' : (own?.role ?? null);
}

export function isOperator(session: Session | undefined): boolean {
  return session?.memberships.some(({ role }) => role === 'operator') ?? false;
}
