import type { DatabaseSync } from 'node:sqlite';
import { createIdentities } from '../search/identities.ts';
import { decodePairs, encodePairs } from '../search/pairs.ts';
import { runKinds } from '../search/runs/tables.ts';

/** What an event is told apart by: the caller's own id, or what it reports. */
export type IdentityKind = typeof runKinds.report | typeof runKinds.ownId;

/**
 * Notes what finds events again, in `index_tail`, from where `search/keeper/` brings it into runs; and finds events by
 * identity, on the hot path: what is in no run yet is in memory, and filters of the runs are. The tail makes it survive a
 * crash: memory is rebuilt from it.
 */
export interface EventIndex {
  /** Sees what runs there are now; call inside the transaction, at its start. */
  begin(): void;
  /** Events with this identity term that are in no run yet; the caller compares the real identity. */
  findRecent(kind: IdentityKind, term: number): readonly number[];
  /** The same of those that are in runs. */
  findOlder(kind: IdentityKind, term: number): readonly number[];
  /** The same of those that were stored before there were such runs. */
  findFormer(term: number): readonly number[];
  /** Notes a new event's terms; they count once {@link EventIndex.commit} is called. */
  add(kind: IdentityKind, identity: number, event: number, terms: readonly number[]): void;
  /** Notes more terms of an event that is there. */
  addTerms(terms: readonly number[]): void;
  /** Writes what was added; call inside the transaction, at its end. */
  write(): void;
  /** The transaction is on disk. */
  commit(): void;
  /** The transaction failed: forget what was added in it. */
  rollback(): void;
}

const none: readonly number[] = [];

/** Identities in memory that go together, when the tail's rows that have them are in runs. */
interface Recent {
  readonly [runKinds.report]: Seqs;
  readonly [runKinds.ownId]: Seqs;
  count: number;
  lastTailId: number;
}

const together = 10_000;
/** So long filters are read at the start: some 80 MB of them, where they are in the machine's memory. */
const longestStartMs = 500;

export function createEventIndex(db: DatabaseSync): EventIndex {
  const insertTail = db.prepare(
    'INSERT INTO index_tail (id, identities, terms, reports, own) VALUES (?, ?, ?, ?, ?)',
  );
  moveFormerIdentities(db);
  const inFormer = db.prepare('SELECT event FROM event_identities WHERE term = ?');
  const hasFormer = db.prepare('SELECT 1 FROM event_identities LIMIT 1').get() !== undefined;

  /** The oldest first; the last one is added to. */
  let recent: Recent[] = [emptyRecent()];
  let nextTailId = 1;
  let added = emptyAdded();

  // As it is at one moment: what a fold moves meanwhile would be missed in tail and runs.
  db.exec('BEGIN');
  const identities = createIdentities(db);
  load();
  db.exec('COMMIT');
  identities.warm(longestStartMs);

  function load(): void {
    const { folded } = identities.refresh(0);
    nextTailId = folded + 1;
    const rows = db.prepare('SELECT id, reports, own FROM index_tail WHERE id > ? ORDER BY id');
    for (const row of rows.iterate(folded)) {
      remember(runKinds.report, decodePairs(row.reports as Uint8Array));
      remember(runKinds.ownId, decodePairs(row.own as Uint8Array));
      noteTailId(Number(row.id));
    }
  }

  function remember(kind: IdentityKind, pairs: ArrayLike<number>): void {
    const last = recent.at(-1);
    if (!last) return;
    for (let i = 0; i < pairs.length; i += 2) {
      const [term = 0, seq = 0] = [pairs[i], pairs[i + 1]];
      push(last[kind], term, seq);
      identities.add(kind, term, seq);
    }
    last.count += pairs.length / 2;
  }

  function noteTailId(id: number): void {
    nextTailId = id + 1;
    const last = recent.at(-1);
    if (!last) return;
    last.lastTailId = id;
    if (last.count >= together) recent.push(emptyRecent());
  }

  return {
    begin() {
      const { folded } = identities.refresh(recent.reduce((sum, { count }) => sum + count, 0));
      if ((recent[0]?.lastTailId ?? 0) <= folded && recent.length > 1) {
        recent = recent.filter(({ lastTailId }, i) => i === recent.length - 1 || lastTailId > folded);
      }
    },
    findRecent(kind, term) {
      let found = none;
      const now = added[kind].get(term);
      if (now !== undefined) found = found.concat(now);
      if (!identities.mayBeAdded(kind, term)) return found;
      for (const each of recent) {
        const before = each[kind].get(term);
        if (before !== undefined) found = found.concat(before);
      }
      return found;
    },
    findOlder: (kind, term) => identities.find(kind, term),
    findFormer: (term) => (hasFormer ? inFormer.all(term).map((row) => Number(row.event)) : none),

    add(kind, identity, event, terms) {
      push(added[kind], identity, event);
      added.pairs[kind].push(identity, event);
      this.addTerms(terms);
    },
    addTerms(terms) {
      for (const value of terms) added.terms.push(value);
    },

    write() {
      if (added.terms.length === 0) return;
      const { pairs, terms } = added;
      const [reports, own] = [encodePairs(pairs[runKinds.report]), encodePairs(pairs[runKinds.ownId])];
      insertTail.run(nextTailId, new Uint8Array(0), encodePairs(terms), reports, own);
    },

    commit() {
      if (added.terms.length > 0) {
        remember(runKinds.report, added.pairs[runKinds.report]);
        remember(runKinds.ownId, added.pairs[runKinds.ownId]);
        noteTailId(nextTailId);
      }
      added = emptyAdded();
    },

    rollback() {
      added = emptyAdded();
    },
  };
}

function emptyRecent(): Recent {
  return { [runKinds.report]: new Map(), [runKinds.ownId]: new Map(), count: 0, lastTailId: 0 };
}

/** What the transaction under way has. */
function emptyAdded() {
  return {
    [runKinds.report]: new Map<number, number | number[]>(),
    [runKinds.ownId]: new Map<number, number | number[]>(),
    pairs: { [runKinds.report]: [] as number[], [runKinds.ownId]: [] as number[] },
    terms: [] as number[],
  };
}

/** What was in the tail when the schema changed (`migrations/027-search-index.ts`): some 40,000 at most, once. */
function moveFormerIdentities(db: DatabaseSync): void {
  const rows = db.prepare('SELECT identities FROM index_tail WHERE length(identities) > 0').all();
  if (rows.length === 0) return;
  db.exec('BEGIN IMMEDIATE');
  const insert = db.prepare('INSERT OR IGNORE INTO event_identities (term, event) VALUES (?, ?)');
  for (const row of rows) {
    const pairs = decodePairs(row.identities as Uint8Array);
    for (let i = 0; i < pairs.length; i += 2) insert.run(pairs[i] ?? 0, pairs[i + 1] ?? 0);
  }
  db.exec("UPDATE index_tail SET identities = x''; COMMIT");
}

/** Numbers by term: almost always one, so a list is made for two only. */
type Seqs = Map<number, number | number[]>;

function push(seqs: Seqs, term: number, seq: number): void {
  const known = seqs.get(term);
  if (known === undefined) seqs.set(term, seq);
  else if (typeof known === 'number') seqs.set(term, [known, seq]);
  else known.push(seq);
}
