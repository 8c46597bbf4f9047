import type { EventDraft } from '../../core/event.ts';
import { normalNumber } from '../../shared/normal-number.ts';
import { searchTerm } from '../search/terms.ts';

/**
 * The queue of a report: those of one message to one person wait for each other. A bulk send has one id for many people, and
 * so has a message to a group. Behind it stands the queue of reports that name nobody, which was that of all reports before
 * people were told apart: while it has any, this one waits there.
 */
export function orderKeys(event: EventDraft): readonly [own: number, ofMessage: number] {
  const ofMessage = searchTerm('message', event.messageId);
  const recipient = recipientOf(event);
  return [recipient === '' ? ofMessage : searchTerm('message', event.messageId + recipient), ofMessage];
}

/** Whose story a report tells, as text: parts of a multipart SMS have one each. */
export function storyOf(event: EventDraft): string {
  return `${event.messageId}\u0000${event.part ?? ''}${recipientOf(event)}`;
}

/** {@link storyOf} as a number that others may share. */
export function storyKey(event: EventDraft): number {
  return searchTerm('message', storyOf(event));
}

function recipientOf({ mobileNumber, userId }: EventDraft): string {
  if (mobileNumber !== null) return `\u0000${normalNumber(mobileNumber)}`;
  return userId === null ? '' : `\u0000${userId}`;
}
