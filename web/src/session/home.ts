import { isOperator, type Session } from './session.ts';

/** Where somebody begins: an operator with all accounts, everybody else in their own. */
export function homeOf(session: Session): string {
  if (session.setupNeeded && !session.signedIn) return '/setup';
  if (!session.signedIn) return '/sign-in';
  if (isOperator(session)) return '/accounts';
  const first = session.memberships.find(({ accountId }) => accountId !== null);
  return first ? `/a/${first.accountId}/webhooks` : '/profile';
}
