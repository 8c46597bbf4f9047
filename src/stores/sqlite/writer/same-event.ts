import type { DatabaseSync } from 'node:sqlite';
import { cutIdentity } from '../../../core/cut-event.ts';
import type { Event } from '../../../core/event.ts';
import {
  eventIdentity,
  formerIdentity,
  reportIdentity,
  reportsKeptMs,
} from '../../../core/event-identity.ts';
import { parseSequenceId, sequenceTime } from '../../../core/ids.ts';
import { decodeEvent, type StoredEventRow } from '../../event-body.ts';
import { acceptedAt } from '../../log/acceptance-clock.ts';
import type { NewEventRow } from '../../log/row-types.ts';
import { newEventOf } from '../../log/rows.ts';
import { identityTerm } from '../../search/terms.ts';
import { acceptedAtColumn } from '../acceptance-times.ts';
import { lastFormerEvent } from '../former-terms.ts';
import { numberKeyOf } from '../thread/number-key.ts';
import type { EventIndex, IdentityKind } from './event-index.ts';
import type { SameEvent } from './protocol.ts';

/**
 * Finds the stored event that a new one is the same as. A term is a hash, so each event that has it is compared by what is
 * stored of it.
 *
 * @param term of the row's identity, of this kind
 * @param at when the new one is accepted, where its number does not say so
 */
export type FindSame = (
  row: NewEventRow,
  kind: IdentityKind,
  term: number,
  at: number | null,
) => SameEvent | null;

export function createFindSame(
  db: DatabaseSync,
  index: Pick<EventIndex, 'findRecent' | 'findOlder' | 'findFormer'>,
): FindSame {
  const eventBySeq = db.prepare(
    `SELECT seq, id, account, deliveries, body, ${acceptedAtColumn('seq')} FROM events WHERE seq = ?`,
  );
  const lastFormer = lastFormerEvent(db);

  function among(found: readonly number[], row: NewEventRow, at: number | null): SameEvent | null {
    const { seq, ownId } = row;
    for (const candidate of found) {
      const stored = eventBySeq.get(candidate) as StoredEventRow | undefined;
      if (!stored) continue;
      const event = decodeEvent(stored);
      if (!isIdentity(event, stored.id, row)) continue;
      if (ownId === null) {
        const age = acceptedAt(seq, at) - acceptedAt(stored.seq, stored.accepted_at);
        if (age < reportsKeptMs) return sameAs(stored, false);
      } else {
        return sameAs(stored, differ(row, event));
      }
    }
    return null;
  }

  /** Of one whose contents are gone, what it said is known by its hash, or not at all. */
  function isIdentity(event: Event, ownId: string | null, { identity }: NewEventRow): boolean {
    if (!event.cut || ownId !== null) return eventIdentity(event, ownId) === identity;
    return event.cut.identity !== null && event.cut.identity === cutIdentity(numberKeyOf(db), identity);
  }

  /** Whether they are two reports. */
  function differ(row: NewEventRow, stored: Event): boolean {
    const identity = reportIdentity(newEventOf(row));
    if (!stored.cut) return reportIdentity(stored) !== identity;
    return stored.cut.identity !== null && stored.cut.identity !== cutIdentity(numberKeyOf(db), identity);
  }

  /** Under the id that the gateway made for an event without one, and shows: a caller may hand it back as its own. */
  function amongShown(row: NewEventRow): SameEvent | null {
    const { ownId, account } = row;
    const shown = ownId === null ? null : parseSequenceId('evt', ownId);
    const stored = shown === null ? undefined : (eventBySeq.get(shown) as StoredEventRow | undefined);
    if (!stored || stored.id !== null || stored.account !== account) return null;
    return sameAs(stored, differ(row, decodeEvent(stored)));
  }

  /** For the week after an upgrade, a report of before it is found by what it was kept under. */
  function amongFormer(row: NewEventRow, at: number | null): SameEvent | null {
    const { seq } = row;
    if (lastFormer === 0 || sequenceTime(seq) - sequenceTime(lastFormer) >= reportsKeptMs) return null;
    const found = index.findFormer(identityTerm(formerIdentity(newEventOf(row))));
    return among(
      found.filter((candidate) => candidate <= lastFormer),
      row,
      at,
    );
  }

  return (row, kind, term, at) => {
    const same =
      among(index.findRecent(kind, term), row, at) ??
      among(index.findOlder(kind, term), row, at) ??
      among(index.findFormer(identityTerm(row.identity)), row, at);
    return same ?? (row.ownId === null ? amongFormer(row, at) : amongShown(row));
  };
}

function sameAs({ seq, id, deliveries }: StoredEventRow, differs: boolean): SameEvent {
  return { seq, ownId: id, deliveries, differs };
}
