import type { Event } from './event.ts';

/**
 * What makes two events the same event, as text. With an id of the caller's own: account and id. Without one: account,
 * product, report type, message id, part and status (a message has one event per status; on the message id alone the
 * later ones would be swallowed).
 *
 * @param ownId the id that the caller gave, `null` where the gateway made one
 */
export function eventIdentity(event: Omit<Event, 'id'>, ownId: string | null): string {
  if (ownId !== null) return ownIdIdentity(event.accountId, ownId);
  const { accountId, product, reportType, messageId, part, status } = event;
  return `natural\u0000${accountId}\u0000${product}\u0000${reportType}\u0000${messageId}\u0000${part ?? ''}\u0000${status ?? ''}`;
}

/** The identity of the event that an account gave this id of its own. */
export function ownIdIdentity(accountId: string, ownId: string): string {
  return `id\u0000${accountId}\u0000${ownId}`;
}
