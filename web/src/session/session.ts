import { queryOptions, useQuery } from '@tanstack/react-query';
import { getSession, type Session } from '../api/session.ts';

export type { Session };
export type Membership = Session['memberships'][number];
export type Role = Membership['role'];

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
