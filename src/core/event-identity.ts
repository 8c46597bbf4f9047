import { normalNumber } from '../shared/normal-number.ts';
import type { EventDraft } from './event.ts';
import { statusKey } from './status.ts';

/** How long a report without an id of the caller's is remembered: one that is the same comes within it or is a new one. */
export const reportsKeptMs = 7 * 24 * 60 * 60 * 1000;

/**
 * What makes two events the same event, as text. With an id of the caller's own: account and id, for as long as the event
 * is stored. Without one: all that tells one report from another ({@link reportIdentity}), for {@link reportsKeptMs}.
 *
 * @param ownId the id that the caller gave, `null` where the gateway made one
 */
export function eventIdentity(event: EventDraft, ownId: string | null): string {
  return ownId === null ? reportIdentity(event) : ownIdIdentity(event.accountId, ownId);
}

/** The identity of the event that an account gave this id of its own. */
export function ownIdIdentity(accountId: string, ownId: string): string {
  return `id\u0000${accountId}\u0000${ownId}`;
}

/**
 * What a report says of itself. One id may stand for many messages: bulk sends have one for all recipients, WhatsApp's
 * groups one for all members, SMSCs use an id again after months, and a carrier corrects an error code. Spelling makes no
 * difference: numbers and statuses are compared as everywhere.
 */
export function reportIdentity(event: EventDraft): string {
  const { accountId, product, reportType, messageId, part, userId, transactionId, status, errorCode } = event;
  const { receivedTime, sentTime, deliveredTime, readTime } = event;
  return (
    `report\u0000${accountId}\u0000${product}\u0000${reportType}\u0000${number(event.productUniqueId)}\u0000${messageId}` +
    `\u0000${part ?? ''}\u0000${number(event.mobileNumber)}\u0000${userId ?? ''}\u0000${transactionId ?? ''}` +
    `\u0000${status === null ? '' : statusKey(status)}\u0000${errorCode ?? ''}` +
    `\u0000${time(receivedTime)}\u0000${time(sentTime)}\u0000${time(deliveredTime)}\u0000${time(readTime)}`
  );
}

function number(written: string | null): string {
  return written === null ? '' : normalNumber(written);
}

/** In two parts: V8 writes small integers at once, and one of 13 digits in 80 ns. */
function time(at: number | null): string {
  return at === null ? '' : `${Math.trunc(at / 1_000_000)}.${at % 1_000_000}`;
}

/** Under what events without an id were kept before they were told apart by {@link reportIdentity}. */
export function formerIdentity(event: EventDraft): string {
  const { accountId, product, reportType, messageId, part, status } = event;
  return `natural\u0000${accountId}\u0000${product}\u0000${reportType}\u0000${messageId}\u0000${part ?? ''}\u0000${status ?? ''}`;
}
