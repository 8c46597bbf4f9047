import type { Event } from '../../core/event.ts';
import { normalNumber } from '../../shared/normal-number.ts';
import { numberTermsOf } from './number-terms.ts';
import { searchTerm } from './terms.ts';

/** The terms that an event is found by because of what it says; `null` for what it does not say. */
export interface ContentTerms {
  readonly message: number;
  readonly transaction: number | null;
  readonly number: number | null;
}

export function contentTermsOf(
  numberKey: Uint8Array,
  { messageId, transactionId, mobileNumber }: Pick<Event, 'messageId' | 'transactionId' | 'mobileNumber'>,
): ContentTerms {
  return {
    message: searchTerm('message', messageId),
    transaction: transactionId === null ? null : searchTerm('transaction', transactionId),
    number: mobileNumber === null ? null : numberTermsOf(numberKey).of(normalNumber(mobileNumber)),
  };
}
