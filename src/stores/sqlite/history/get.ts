import type { DatabaseSync } from 'node:sqlite';
import { ownIdIdentity } from '../../../core/event-identity.ts';
import { parseSequenceId } from '../../../core/ids.ts';
import type { EventText } from '../../event-body.ts';
import { acceptedAt } from '../../log/acceptance-clock.ts';
import type { StoredAttempt } from '../../ports/history.ts';
import { rangeOf } from '../../search/number-terms.ts';
import { identityTerm } from '../../search/terms.ts';
import { inOneGo, prepare, type Work } from '../reader/work.ts';
import { ownIdRange, ownIdTerm } from '../search/own-id-terms.ts';
import { decodePairs, findRangesInUnsorted } from '../search/pairs.ts';
import { inRun } from '../search/runs/in-run.ts';
import { indexState, runKinds, runStates, runsWhere } from '../search/runs/tables.ts';
import type { SpacedRow } from '../spacing.ts';
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

/** By the gateway's id or by the caller's own; an operator who names no account is shown the newest that has it. */
export function* getEvent(
  db: DatabaseSync,
  { id, accountId }: EventQuestion,
): Work<StoredEventAnswer | null> {
  const reader = createHistoryReader(db);
  const event = byGatewayId(reader, id, accountId) ?? (yield* byOwnId(db, reader, id, accountId));
  if (!event) return null;
  const deliveries: DeliveryFacts[] = [];
  for (let place = 1; place <= event.deliveries; place++) {
    const delivery = reader.delivery(event.seq + place * event.spacing);
    if (delivery) deliveries.push(deliveryFacts(delivery));
    if (place % 64 === 0) yield;
  }
  return { event, acceptedAt: acceptedAt(event.seq, event.accepted_at), deliveries };
}

function byGatewayId(reader: HistoryReader, id: string, accountId: string | null): SpacedRow | undefined {
  const seq = parseSequenceId('evt', id);
  const row = seq === null ? undefined : reader.event(seq);
  return row && row.id === null && (accountId === null || row.account === accountId) ? row : undefined;
}

const accountsTogether = 500;
const everything = { from: 0, before: Number.MAX_SAFE_INTEGER };

function* byOwnId(
  db: DatabaseSync,
  reader: HistoryReader,
  id: string,
  accountId: string | null,
): Work<SpacedRow | undefined> {
  const found = newestOf(db, reader, id, accountId);
  if (found) return found;
  // What was stored before there were such terms has one for the account and the id together.
  if (!prepare(db, 'SELECT 1 FROM event_identities LIMIT 1').get()) return undefined;
  if (accountId !== null) return amongFormer(db, reader, id, [accountId]);
  const walk = prepare(db, `SELECT id FROM accounts WHERE id > ? ORDER BY id LIMIT ${accountsTogether}`);
  for (let place = ''; ; ) {
    const accounts = walk.all(place).map((row) => String(row.id));
    const former = amongFormer(db, reader, id, accounts);
    place = accounts.at(-1) ?? '';
    if (former || accounts.length < accountsTogether) return former;
    yield;
  }
}

/** The newest event that has this id of its account's. */
function newestOf(
  db: DatabaseSync,
  reader: HistoryReader,
  id: string,
  accountId: string | null,
): SpacedRow | undefined {
  const term = accountId === null ? null : ownIdTerm(accountId, id);
  const range = term === null ? ownIdRange(id) : rangeOf(term);
  const found: number[] = [];
  const { folded } = indexState(db);
  for (const row of prepare(db, 'SELECT own FROM index_tail WHERE id > ?').all(folded)) {
    found.push(...findRangesInUnsorted(decodePairs(row.own as Uint8Array), [range]));
  }
  for (const run of runsWhere(db, `state = ${runStates.inUse} AND kind = ${runKinds.ownId}`)) {
    for (const seq of inRun(db, run, [range], everything)) if (seq !== null) found.push(seq);
  }
  for (const seq of found.sort((a, b) => b - a)) {
    const row = reader.event(seq);
    if (row && row.id === id && (accountId === null || row.account === accountId)) return row;
  }
  return undefined;
}

/** The event that one of these accounts has given this id, of the first that has one. */
function amongFormer(
  db: DatabaseSync,
  reader: HistoryReader,
  id: string,
  accounts: readonly string[],
): SpacedRow | undefined {
  const find = prepare(db, 'SELECT event FROM event_identities WHERE term = ?');
  for (const account of accounts) {
    for (const { event } of find.all(identityTerm(ownIdIdentity(account, id)))) {
      const row = reader.event(Number(event));
      if (row && row.id === id && row.account === account) return row;
    }
  }
  return undefined;
}
