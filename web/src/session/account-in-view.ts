import { useParams } from '@tanstack/react-router';
import { roleIn, type Session, useSession } from './session.ts';

/** The account that the header and the navigation are about: that of the page, or else one's own; `null`: none. */
export function useAccountInView(): string | null {
  const session = useSession();
  const { accountId } = useParams({ strict: false });
  return accountInView(session, accountId);
}

export function accountInView(session: Session | undefined, ofPage: string | undefined): string | null {
  if (ofPage !== undefined && roleIn(session, ofPage) !== null) return ofPage;
  // Operators have pages that are about no account.
  if (session?.memberships.some(({ role }) => role === 'operator')) return null;
  return session?.memberships[0]?.accountId ?? null;
}
