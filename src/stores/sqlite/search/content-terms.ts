import type { DatabaseSync } from 'node:sqlite';
import type { Event } from '../../../core/event.ts';
import { normalNumber } from '../../../shared/normal-number.ts';
import { numberTermsOf } from './number-terms.ts';
import { searchTerm } from './terms.ts';

/** The terms that an event is found by because of what it says; those of its account and webhooks are not among them. */
export function contentTerms(
  db: DatabaseSync,
  { messageId, transactionId, mobileNumber }: Pick<Event, 'messageId' | 'transactionId' | 'mobileNumber'>,
): number[] {
  const terms = [searchTerm('message', messageId)];
  if (transactionId !== null) terms.push(searchTerm('transaction', transactionId));
  if (mobileNumber !== null) terms.push(numberTermsOf(db).of(normalNumber(mobileNumber)));
  return terms;
}
