import type { DatabaseSync } from 'node:sqlite';
import { eventIdentity, ownIdIdentity } from '../../../core/event-identity.ts';
import { parseSequenceId, sequenceTime } from '../../../core/ids.ts';
import type { AttemptView } from '../../ports/history.ts';
import { decodeEvent, type EventText } from '../event-body.ts';
import { decodePairs, findInUnsorted } from '../search/pairs.ts';
import { identityTerm } from '../search/terms.ts';
import {
  createHistoryReader,
  type DeliveryFacts,
  deliveryFacts,
  type EventRow,
  type HistoryReader,
} from './rows.ts';

export interface DeliveryAnswer {
  readonly delivery: DeliveryFacts;
  readonly event: EventText;
  readonly attemptLog: readonly AttemptView[];
}

export interface EventAnswer {
  readonly event: EventText;
  readonly acceptedAt: number;
  readonly deliveries: readonly DeliveryFacts[];
}

export function getDelivery(db: DatabaseSync, id: string): DeliveryAnswer | null {
  const seq = parseSequenceId('dlv', id);
  const reader = createHistoryReader(db);
  const delivery = seq === null ? undefined : reader.delivery(seq);
  const event = delivery && reader.event(delivery.event);
  if (!event) return null;
  return { delivery: deliveryFacts(delivery), event, attemptLog: reader.attempts(delivery.seq) };
}

export interface EventQuestion {
  readonly id: string;
  readonly accountId: string | null;
}

/** By the gateway's id or by the caller's own; an operator who names no account is shown the first that has it. */
export function getEvent(db: DatabaseSync, { id, accountId }: EventQuestion): EventAnswer | null {
  const reader = createHistoryReader(db);
  const row = byGatewayId(reader, id, accountId) ?? byOwnId(db, reader, id, accountId);
  if (!row) return null;
  const deliveries: DeliveryFacts[] = [];
  for (let seq = row.seq + 1; seq <= row.seq + row.deliveries; seq++) {
    const delivery = reader.delivery(seq);
    if (delivery) deliveries.push(deliveryFacts(delivery));
  }
  return { event: row, acceptedAt: sequenceTime(row.seq), deliveries };
}

function byGatewayId(reader: HistoryReader, id: string, accountId: string | null): EventRow | undefined {
  const seq = parseSequenceId('evt', id);
  const row = seq === null ? undefined : reader.event(seq);
  return row && row.id === null && (accountId === null || row.account === accountId) ? row : undefined;
}

function byOwnId(
  db: DatabaseSync,
  reader: HistoryReader,
  id: string,
  accountId: string | null,
): EventRow | undefined {
  const accounts =
    accountId === null
      ? db
          .prepare('SELECT id FROM accounts')
          .all()
          .map((row) => String(row.id))
      : [accountId];
  const folded = db.prepare('SELECT event FROM event_identities WHERE term = ?');
  const tail = db
    .prepare('SELECT identities FROM index_tail')
    .all()
    .map((row) => decodePairs(row.identities as Uint8Array));
  for (const account of accounts) {
    const identity = ownIdIdentity(account, id);
    const term = identityTerm(identity);
    const found = [
      ...folded.all(term).map((row) => Number(row.event)),
      ...tail.flatMap((pairs) => findInUnsorted(pairs, term)),
    ];
    for (const seq of found) {
      const row = reader.event(seq);
      if (row && eventIdentity(decodeEvent(row), row.id) === identity) return row;
    }
  }
  return undefined;
}
