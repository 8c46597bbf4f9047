import type { Event, EventHead } from '../../core/event.ts';
import { ownIdIdentity, reportIdentity, reportsKeptMs } from '../../core/event-identity.ts';
import { bodyStart, decodeEvent, decodeEventHead } from '../event-body.ts';
import { contentTermsOf } from '../search/content-terms.ts';
import { identityTerm, searchTerm } from '../search/terms.ts';
import type { MovedEvent } from './log-batch.ts';

/** What an event is found by. */
export interface FoundBy {
  readonly message: number | null;
  readonly transaction: number | null;
  readonly number: number | null;
  /** The hash of its own id or of what it reports; `null`: no other is the same as it any more. */
  readonly identity: number | null;
}

export interface FindingOptions {
  /** The gateway's number key. */
  readonly numberKey: Uint8Array;
  readonly now: number;
}

/** A clock that is a little behind makes nothing be forgotten too soon. */
const marginMs = 24 * 3_600_000;

/** Of what is stored of it; where its contents are gone, of what the other store has kept beside. */
export function foundBy(event: MovedEvent, { numberKey, now }: FindingOptions): FoundBy {
  const stored = headOf(event);
  if (stored.cut?.contents === 'erased') {
    return { message: null, transaction: null, number: null, identity: null };
  }
  const terms = stored.cut
    ? { ...cutTermsOf(stored), number: event.numberTerm }
    : contentTermsOf(numberKey, stored);
  return { ...terms, identity: identityOf(event, stored, now) };
}

/** The terms that an event whose contents are gone is still found by, beside that of its number. */
export function cutTermsOf({ messageId, transactionId }: Pick<Event, 'messageId' | 'transactionId'>) {
  return {
    message: searchTerm('message', messageId),
    transaction: transactionId === null ? null : searchTerm('transaction', transactionId),
  };
}

function identityOf(event: MovedEvent, stored: EventHead, now: number): number | null {
  if (event.id !== null) return identityTerm(ownIdIdentity(event.account, event.id));
  if (now - event.acceptedAt > reportsKeptMs + marginMs) return null;
  if (stored.cut) return event.identity;
  return identityTerm(reportIdentity({ ...stored, attributes: null, message: null }));
}

function headOf({ seq, id, account, body }: MovedEvent): EventHead {
  const row = { seq, id, account };
  return decodeEventHead({ ...row, body: body.slice(0, bodyStart) }) ?? decodeEvent({ ...row, body });
}
