import type { DatabaseSync } from 'node:sqlite';
import type { Event } from '../../../core/event.ts';
import { contentTermsOf } from '../../search/content-terms.ts';
import { numberKeyOf } from '../thread/number-key.ts';

/** The terms that an event is found by because of what it says; those of its account and webhooks are not among them. */
export function contentTerms(
  db: DatabaseSync,
  event: Pick<Event, 'messageId' | 'transactionId' | 'mobileNumber'>,
): number[] {
  const { message, transaction, number } = contentTermsOf(numberKeyOf(db), event);
  return [message, transaction, number].filter((term) => term !== null);
}
