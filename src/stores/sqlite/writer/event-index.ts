import type { DatabaseSync } from 'node:sqlite';
import { decodePairs, encodePairs } from '../search/pairs.ts';
import { bucketCount } from '../search/terms.ts';
import { createFold, createPairBuckets, type Fold } from './index-fold.ts';

/**
 * Finds events again: by identity (on the hot path, so what is not folded yet is in memory) and by search terms (only
 * written here; `history/` reads them). The tail makes it survive a crash: memory is rebuilt from it.
 */
export interface EventIndex {
  /** Events with this identity term that are not folded yet; the caller compares the real identity. */
  findRecent(term: number): readonly number[];
  /** The same of those that are folded. */
  findOlder(term: number): readonly number[];
  /** Notes a new event's terms; they count once {@link EventIndex.commit} is called. */
  add(identity: number, event: number, terms: readonly number[]): void;
  /** Notes more terms of an event that is there. */
  addTerms(terms: readonly number[]): void;
  /** Writes what was added and a share of any fold under way; call inside the transaction, at its end. */
  write(): void;
  /** The transaction is on disk. */
  commit(): void;
  /** The transaction failed: forget what was added in it. */
  rollback(): void;
}

const none: readonly number[] = [];

/** Pairs of search terms in memory at which a fold starts: about 40,000 events, 4 MB. */
export const defaultFoldAt = 250_000;

export function createEventIndex(db: DatabaseSync, foldAt = defaultFoldAt): EventIndex {
  const inTree = db.prepare('SELECT event FROM event_identities WHERE term = ?');
  const insertTail = db.prepare('INSERT INTO index_tail (id, identities, terms) VALUES (?, ?, ?)');

  let recent = new Map<number, number[]>();
  let recentIdentities = createPairBuckets();
  let recentTerms = createPairBuckets();
  let frozen = new Map<number, number[]>();
  let fold: Fold | null = null;
  /** How far the fold is on disk. */
  let foldPosition = 0;
  let nextTailId = 1;
  let nextRun = 1;
  let addedIdentities: number[] = [];
  let addedTerms: number[] = [];
  const added = new Map<number, number[]>();

  load();

  function load(): void {
    nextRun = Number(
      db.prepare('SELECT coalesce(max(run), 0) + 1 AS next FROM search_runs').get()?.next ?? 1,
    );
    db.prepare('DELETE FROM search_buckets WHERE id >= ?').run(nextRun * bucketCount);
    for (const row of db.prepare('SELECT id, identities, terms FROM index_tail ORDER BY id').iterate()) {
      nextTailId = Number(row.id) + 1;
      remember(Array.from(decodePairs(row.identities as Uint8Array)));
      rememberTerms(decodePairs(row.terms as Uint8Array));
    }
  }

  function rememberTerms(terms: ArrayLike<number>): void {
    for (let i = 0; i < terms.length; i += 2) recentTerms.add(terms[i] ?? 0, terms[i + 1] ?? 0);
  }

  function remember(identities: readonly number[]): void {
    for (let i = 0; i < identities.length; i += 2) {
      push(recent, identities[i] ?? 0, identities[i + 1] ?? 0);
      recentIdentities.add(identities[i] ?? 0, identities[i + 1] ?? 0);
    }
  }

  function startFold(): void {
    fold = createFold(db, {
      identities: recentIdentities,
      terms: recentTerms,
      lastTailId: nextTailId - 1,
      run: nextRun++,
    });
    frozen = recent;
    recent = new Map();
    recentIdentities = createPairBuckets();
    recentTerms = createPairBuckets();
  }

  return {
    findRecent(term) {
      const [now, before, folding] = [added.get(term), recent.get(term), frozen.get(term)];
      return now || before || folding ? [...(now ?? []), ...(before ?? []), ...(folding ?? [])] : none;
    },
    findOlder: (term) => inTree.all(term).map((row) => Number(row.event)),

    add(identity, event, terms) {
      push(added, identity, event);
      addedIdentities.push(identity, event);
      this.addTerms(terms);
    },
    addTerms(terms) {
      for (const value of terms) addedTerms.push(value);
    },

    write() {
      // Twice the pace at which new terms arrive, so that a fold ends long before the next is due.
      fold?.advance((addedTerms.length + addedIdentities.length) / foldAt);
      if (addedTerms.length > 0) {
        insertTail.run(nextTailId, encodePairs(addedIdentities), encodePairs(addedTerms));
      }
    },

    commit() {
      if (addedTerms.length > 0) {
        nextTailId++;
        remember(addedIdentities);
        rememberTerms(addedTerms);
      }
      forgetAdded();
      if (fold?.done) {
        fold = null;
        frozen = new Map();
      }
      if (!fold && recentTerms.pairs + recentIdentities.pairs >= foldAt) startFold();
      foldPosition = fold?.position() ?? 0;
    },

    rollback() {
      fold?.rewind(foldPosition);
      forgetAdded();
    },
  };

  function forgetAdded(): void {
    addedIdentities = [];
    addedTerms = [];
    added.clear();
  }
}

function push(map: Map<number, number[]>, key: number, value: number): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
