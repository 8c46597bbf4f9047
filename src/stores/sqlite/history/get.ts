import type { DatabaseSync } from 'node:sqlite';
import { eventIdentity, ownIdIdentity } from '../../../core/event-identity.ts';
import { parseSequenceId } from '../../../core/ids.ts';
import type { StoredAttempt } from '../../ports/history.ts';
import { acceptedAt } from '../acceptance-times.ts';
import { decodeEvent, type EventText, type StoredEventRow } from '../event-body.ts';
import { inOneGo, prepare, type Work } from '../reader/work.ts';
import { decodePairs, findAnyInUnsorted } from '../search/pairs.ts';
import { identityTerm } from '../search/terms.ts';
import { createHistoryReader, type DeliveryFacts, deliveryFacts, type HistoryReader } from './rows.ts';

/** Events are given as the text that they are kept as, which crosses threads however deep it is nested. */
export interface DeliveryAnswer {
  readonly delivery: DeliveryFacts;
  readonly event: EventText;
  readonly attemptLog: readonly StoredAttempt[];
}

export interface StoredEventAnswer {
  readonly event: EventText;
  readonly acceptedAt: number;
  readonly deliveries: readonly DeliveryFacts[];
}

export const getDelivery = inOneGo((db: DatabaseSync, id: string): DeliveryAnswer | null => {
  const seq = parseSequenceId('dlv', id);
  const reader = createHistoryReader(db);
  const delivery = seq === null ? undefined : reader.delivery(seq);
  const event = delivery && reader.event(delivery.event);
  if (!event) return null;
  return { delivery: deliveryFacts(delivery), event, attemptLog: reader.attempts(delivery.seq) };
});

export interface EventQuestion {
  readonly id: string;
  readonly accountId: string | null;
}

/** By the gateway's id or by the caller's own; an operator who names no account is shown the first that has it. */
export function* getEvent(
  db: DatabaseSync,
  { id, accountId }: EventQuestion,
): Work<StoredEventAnswer | null> {
  const reader = createHistoryReader(db);
  const event = byGatewayId(reader, id, accountId) ?? (yield* byOwnId(db, reader, id, accountId));
  if (!event) return null;
  const deliveries: DeliveryFacts[] = [];
  for (let seq = event.seq + 1; seq <= event.seq + event.deliveries; seq++) {
    const delivery = reader.delivery(seq);
    if (delivery) deliveries.push(deliveryFacts(delivery));
    if (seq % 64 === 0) yield;
  }
  return { event, acceptedAt: acceptedAt(event.seq, event.accepted_at), deliveries };
}

function byGatewayId(
  reader: HistoryReader,
  id: string,
  accountId: string | null,
): StoredEventRow | undefined {
  const seq = parseSequenceId('evt', id);
  const row = seq === null ? undefined : reader.event(seq);
  return row && row.id === null && (accountId === null || row.account === accountId) ? row : undefined;
}

const accountsTogether = 500;

function* byOwnId(
  db: DatabaseSync,
  reader: HistoryReader,
  id: string,
  accountId: string | null,
): Work<StoredEventRow | undefined> {
  if (accountId !== null) return among(db, reader, id, [accountId]);
  const walk = prepare(db, `SELECT id FROM accounts WHERE id > ? ORDER BY id LIMIT ${accountsTogether}`);
  for (let place = ''; ; ) {
    const accounts = walk.all(place).map((row) => String(row.id));
    const found = among(db, reader, id, accounts);
    place = accounts.at(-1) ?? '';
    if (found || accounts.length < accountsTogether) return found;
    yield;
  }
}

/** The event that one of these accounts has given this id, of the first that has one. */
function among(
  db: DatabaseSync,
  reader: HistoryReader,
  id: string,
  accounts: readonly string[],
): StoredEventRow | undefined {
  const identities = new Set(accounts.map((account) => ownIdIdentity(account, id)));
  const terms = new Set([...identities].map(identityTerm));
  const folded = prepare(db, 'SELECT event FROM event_identities WHERE term = ?');
  const found = [...terms].flatMap((term) => folded.all(term).map((row) => Number(row.event)));
  for (const row of prepare(db, 'SELECT identities FROM index_tail').all()) {
    for (const seq of findAnyInUnsorted(decodePairs(row.identities as Uint8Array), terms)) found.push(seq);
  }
  for (const seq of found) {
    const row = reader.event(seq);
    if (row && identities.has(eventIdentity(decodeEvent(row), row.id))) return row;
  }
  return undefined;
}
