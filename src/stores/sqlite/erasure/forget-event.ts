import type { DatabaseSync } from 'node:sqlite';
import type { Event } from '../../../core/event.ts';
import { eventIdentity } from '../../../core/event-identity.ts';
import { numberSearch } from '../../../core/number-search.ts';
import type { Sought } from '../../../core/traces.ts';
import { normalNumber } from '../../../shared/normal-number.ts';
import type { StoredEventRow } from '../event-body.ts';
import { contentTerms } from '../search/content-terms.ts';
import { formerNumberRanges, unkeyedNumberTerm } from '../search/former-number-terms.ts';
import { numberTermsOf } from '../search/number-terms.ts';
import { ownIdTerm } from '../search/own-id-terms.ts';
import { indexState } from '../search/runs/tables.ts';
import { identityTerm, searchTerm } from '../search/terms.ts';
import { formsOf } from './person.ts';

/**
 * Has an event taken out of the index, by what it said and by what is known of the person; call inside the transaction that
 * erases it. Who keeps the index does so soon (`search/keeper/forget.ts`).
 *
 * @param row as it was stored
 * @param isIdGone it is not to be found by the id that its caller gave it either, or has none
 */
export type ForgetEvent = (
  row: StoredEventRow,
  event: Event,
  isIdGone: boolean,
  sought: Sought | null,
) => void;

export function createForgetEvent(db: DatabaseSync): ForgetEvent {
  const untieFormer = db.prepare('DELETE FROM event_identities WHERE term = ? AND event = ?');
  const forget = db.prepare('INSERT OR IGNORE INTO index_forgotten (term, seq) VALUES (?, ?)');

  return ({ seq, id, account }, event, isIdGone, sought) => {
    const terms = new Set(contentTerms(db, event));
    if (event.mobileNumber !== null) addFormer(terms, event.mobileNumber, seq);
    // An event that was cut says its number no more.
    if (sought && 'mobileNumber' in sought) {
      for (const form of formsOf(normalNumber(sought.mobileNumber))) {
        terms.add(numberTermsOf(db).of(form));
        addFormer(terms, form, seq);
      }
    }
    if (sought && 'messageId' in sought) terms.add(searchTerm('message', sought.messageId));
    if (isIdGone) {
      const identity = identityTerm(eventIdentity(event, id));
      terms.add(id === null ? identity : ownIdTerm(account, id));
      untieFormer.run(identity, seq);
    }
    for (const term of terms) forget.run(term, seq);
  };

  /** Under which terms a number was kept before there was a number key. */
  function addFormer(terms: Set<number>, number: string, seq: number): void {
    if (seq > indexState(db).unkeyed) return;
    terms.add(unkeyedNumberTerm(normalNumber(number)));
    for (const { from } of formerNumberRanges(numberSearch(number))) terms.add(from);
  }
}
