import type { DatabaseSync } from 'node:sqlite';
import type { Event } from '../../../core/event.ts';
import { eventIdentity } from '../../../core/event-identity.ts';
import { numberSearch } from '../../../core/number-search.ts';
import { fieldsOf } from '../../../core/number-writings.ts';
import type { Sought } from '../../../core/traces.ts';
import { normalNumber } from '../../../shared/normal-number.ts';
import type { StoredEventRow } from '../../event-body.ts';
import { numberTermsOf } from '../../search/number-terms.ts';
import { identityTerm, searchTerm } from '../../search/terms.ts';
import { contentTerms } from '../search/content-terms.ts';
import { formerNumberRanges, unkeyedNumberTerm } from '../search/former-number-terms.ts';
import { askToForget, erasureKey } from '../search/keeper/asked-to-forget.ts';
import { ownIdTerm } from '../search/own-id-terms.ts';
import { indexState } from '../search/runs/tables.ts';
import { numberKeyOf } from '../thread/number-key.ts';

/**
 * Has events taken out of the index, by what they said and by what is known of the person. Who keeps the index does so soon
 * (`search/keeper/forgetting.ts`).
 */
export interface ForgetEvents {
  /** A transaction begins. @param sought who is erased in it; `null`: all of an account */
  begin(sought: Sought | null): void;
  /**
   * @param row as it was stored
   * @param isIdGone it is not to be found by the id that its caller gave it either, or has none
   */
  add(row: StoredEventRow, event: Event, isIdGone: boolean): void;
  /** Asks for what was added; call inside the transaction that erases, at its end. */
  write(erasure: string): void;
}

export function createForgetEvents(db: DatabaseSync): ForgetEvents {
  const untieFormer = db.prepare('DELETE FROM event_identities WHERE term = ? AND event = ?');
  let terms = new Set<number>();
  let identities: number[] = [];
  let seqs: number[] = [];
  let forms: readonly string[] = [];
  /** Of the person: an event that was cut says its number no more. */
  let known: readonly number[] = [];

  /** Under which terms a number was kept before there was a number key. */
  function addFormer(number: string): void {
    terms.add(unkeyedNumberTerm(normalNumber(number)));
    for (const { from } of formerNumberRanges(numberSearch(number))) terms.add(from);
  }

  return {
    begin(sought) {
      [terms, identities, seqs, forms, known] = [new Set(), [], [], [], []];
      if (!sought) return;
      if ('mobileNumber' in sought) {
        forms = [...fieldsOf(normalNumber(sought.mobileNumber))];
        const numbers = numberTermsOf(numberKeyOf(db));
        known = forms.map((form) => numbers.of(form));
      }
      if ('messageId' in sought) known = [searchTerm('message', sought.messageId)];
    },
    add({ seq, id, account }, event, isIdGone) {
      seqs.push(seq);
      for (const term of contentTerms(db, event)) terms.add(term);
      for (const term of known) terms.add(term);
      if (seq <= indexState(db).unkeyed) {
        for (const form of forms) addFormer(form);
        if (event.mobileNumber !== null) addFormer(event.mobileNumber);
      }
      if (!isIdGone) return;
      const identity = identityTerm(eventIdentity(event, id));
      identities.push(id === null ? identity : ownIdTerm(account, id));
      untieFormer.run(identity, seq);
    },
    write(erasure) {
      if (seqs.length > 0) askToForget(db, erasureKey(erasure), { terms: [...terms], identities, seqs });
    },
  };
}
