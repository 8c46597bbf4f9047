import type { DatabaseSync } from 'node:sqlite';
import { reportsKeptMs } from '../../../core/event-identity.ts';
import { sequenceAt } from '../../../core/ids.ts';
import { decodeEvent } from '../../event-body.ts';
import { cutTermsOf } from '../../moving/found-by.ts';
import type { LooseTerm, LooseTerms, RowKey } from '../../moving/moving-store.ts';
import { searchTerm } from '../../search/terms.ts';
import { prepare } from '../reader/work.ts';
import { decodePairs } from '../search/pairs.ts';
import { chunkAt, indexState, type RunKind, runKinds, runStates, runsWhere } from '../search/runs/tables.ts';

/** Chunks or rows of the tail that are looked through at once, some 2,000 pairs each. */
const together = 20;
const kinds = [
  [runKinds.search, 'terms'],
  [runKinds.report, 'reports'],
] as const;

/**
 * What finds events by what they said whose contents are gone: the term of a number and the hash of an identity are in the index
 * alone then. It is read from its beginning to its end; where nothing was ever cut, not at all. What was indexed before there
 * were runs (step 27 of the schema) has other terms for numbers, and is passed over.
 *
 * @param after where it goes on: the run, 0 for the tail, and the place in it
 */
export function readLooseTerms(db: DatabaseSync, after: RowKey | null, now: number): LooseTerms {
  const cutUpTo = Number(
    prepare(db, 'SELECT max(upto) AS upto FROM retention_cursors WHERE clock = 1').get()?.upto ?? 0,
  );
  if (cutUpTo === 0) return { terms: [], next: null };
  const [run, place] = after === null ? [0, indexState(db).folded] : after.map(Number);
  const take = createTaking(db, cutUpTo, sequenceAt(Math.max(0, now - reportsKeptMs)));
  if (run === 0) return readTail(db, place ?? 0, take);
  const [current] = runsWhere(db, 'run = ?', run ?? 0);
  const end = Math.min((place ?? 0) + together, current?.chunks ?? 0);
  for (let chunk = place ?? 0; current && chunk < end; chunk++) {
    const { terms, seqs, length } = chunkAt(db, current.run, chunk);
    for (let i = 0; i < length; i++) take.pair(current.kind, terms[i] ?? 0, seqs[i] ?? 0);
  }
  const isEnd = end >= (current?.chunks ?? 0);
  return { terms: take.taken, next: isEnd ? nextRun(db, run ?? 0) : [run ?? 0, end] };
}

function readTail(db: DatabaseSync, after: number, take: Taking): LooseTerms {
  const rows = prepare(
    db,
    `SELECT id, terms, reports FROM index_tail WHERE id > ? ORDER BY id LIMIT ${together}`,
  ).all(after);
  for (const row of rows) {
    for (const [kind, column] of kinds) {
      const pairs = decodePairs(row[column] as Uint8Array);
      for (let i = 0; i < pairs.length; i += 2) take.pair(kind, pairs[i] ?? 0, pairs[i + 1] ?? 0);
    }
  }
  const last = rows.length === together ? rows.at(-1) : undefined;
  return { terms: take.taken, next: last ? [0, Number(last.id)] : nextRun(db, 0) };
}

function nextRun(db: DatabaseSync, after: number): RowKey | null {
  const [next] = runsWhere(
    db,
    `run > ? AND state = ${runStates.inUse} AND kind != ${runKinds.ownId} ORDER BY run LIMIT 1`,
    after,
  );
  return next ? [next.run, 0] : null;
}

interface Taking {
  pair(kind: RunKind, term: number, seq: number): void;
  readonly taken: readonly LooseTerm[];
}

function createTaking(db: DatabaseSync, cutUpTo: number, reportsFrom: number): Taking {
  const taken: LooseTerm[] = [];
  const cutEvent = prepare(
    db,
    "SELECT seq, id, account, body FROM events WHERE seq = ? AND substr(body, 1, 1) = '['",
  );
  return {
    taken,
    pair(kind, term, seq) {
      if (seq > cutUpTo || (kind === runKinds.report && seq < reportsFrom)) return;
      const row = cutEvent.get(seq);
      if (!row) return;
      const account = String(row.account);
      const { cut, ...event } = decodeEvent({
        ...{ seq, id: row.id as string | null, account, body: String(row.body) },
      });
      if (cut?.contents !== 'cut') return;
      if (kind === runKinds.report) {
        if (cut.identity !== null) taken.push({ account, event: seq, number: null, identity: term });
        return;
      }
      const { message, transaction } = cutTermsOf(event);
      // Its other terms are known: what is left is that of its number.
      const isOther = [message, transaction, searchTerm('account', account)].includes(term);
      if (cut.mobileNumber !== null && !isOther)
        taken.push({ account, event: seq, number: term, identity: null });
    },
  };
}
