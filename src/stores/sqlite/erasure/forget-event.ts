import type { DatabaseSync } from 'node:sqlite';
import type { Event } from '../../../core/event.ts';
import { eventIdentity } from '../../../core/event-identity.ts';
import { identityTerm } from '../search/terms.ts';

/** Takes out of the index what finds an event by what it said. */
export interface ForgetEvent {
  /**
   * @param ownId the id that its caller gave it, as it was stored
   * @param isIdGone it is not to be found by that either
   */
  event(event: Event, ownId: string | null, seq: number, isIdGone: boolean): void;
  /** Call inside the transaction, at its end. */
  write(): void;
  /** The transaction is on disk. */
  commit(): void;
  rollback(): void;
}

export function createForgetEvent(db: DatabaseSync): ForgetEvent {
  const untieIdentity = db.prepare('DELETE FROM event_identities WHERE term = ? AND event = ?');
  return {
    event(event, ownId, seq, isIdGone) {
      if (isIdGone) untieIdentity.run(identityTerm(eventIdentity(event, ownId)), seq);
    },
    write() {},
    commit() {},
    rollback() {},
  };
}
