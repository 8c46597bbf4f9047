import { DatabaseSync } from 'node:sqlite';
import { expect } from 'vitest';
import { sequenceAt } from '../../../core/ids.ts';
import { migrate } from '../migrations/migrate.ts';
import { findByTerms } from '../search/find.ts';
import { askToForget } from '../search/keeper/asked-to-forget.ts';
import { createIndexKeeper, type IndexKeeper, type KeeperOptions } from '../search/keeper/keeper.ts';
import { encodePairs } from '../search/pairs.ts';
import { indexState } from '../search/runs/tables.ts';
import { createWriteTurns } from '../thread/write-turns.ts';

export const everything = { from: 0, before: Number.MAX_SAFE_INTEGER };
export const start = sequenceAt(Date.UTC(2026, 10, 22));
export const day = sequenceAt(Date.UTC(2025, 0, 2));

interface Pair {
  readonly term: number;
  readonly seq: number;
}

/** The index on a database in memory, and beside it all that it should hold, as a list. */
export function createWorld(options: Partial<KeeperOptions> = {}, turns = createWriteTurns(null)) {
  const db = new DatabaseSync(':memory:');
  migrate(db);
  const rules = { foldAt: 300, fanIn: 3, searchFanIn: 4, mostPairs: 4_000, chunksAPiece: 1, ...options };
  let keeper: IndexKeeper = createIndexKeeper(db, turns, rules);
  let next = start;
  let pairs: Pair[] = [];
  let own: Pair[] = [];
  let asked: Pair[] = [];

  return {
    db,
    get pairs() {
      return pairs;
    },
    get own() {
      return own;
    },
    /** Events with a number each and a term each, and an own id in the same place. */
    append(terms: readonly number[]): void {
      const here = terms.map((term) => ({ term, seq: next++ }));
      const ids = here.map(({ seq }) => ({ term: (seq * 7_919) % 2 ** 53, seq }));
      const flat = (list: readonly Pair[]) => encodePairs(list.flatMap(({ term, seq }) => [term, seq]));
      // Never an id that is not above those that are folded.
      const id =
        Math.max(
          indexState(db).folded,
          Number(db.prepare('SELECT max(id) AS id FROM index_tail').get()?.id ?? 0),
        ) + 1;
      db.prepare('INSERT INTO index_tail (id, identities, terms, reports, own) VALUES (?, ?, ?, ?, ?)').run(
        ...[id, encodePairs([]), flat(here), flat(ids), flat(ids)],
      );
      pairs.push(...here);
      own.push(...ids);
    },
    wait(days: number): void {
      next += days * day;
    },
    step: () => keeper.step(),
    settle(): void {
      while (keeper.step());
    },
    /** For so many pieces the disk takes nothing more for a table. */
    refuse(table: string, pieces: number): void {
      const change = table === 'index_tail' || table === 'index_forgotten' ? 'DELETE' : 'INSERT';
      db.exec(`CREATE TRIGGER refusal BEFORE ${change} ON ${table} BEGIN SELECT RAISE(ABORT, 'full'); END`);
      for (let i = 0; i < pieces; i++) {
        try {
          keeper.step();
        } catch (error) {
          expect(error).toMatchObject({ message: 'full' });
        }
      }
      db.exec('DROP TRIGGER refusal');
    },
    crash(): void {
      keeper = createIndexKeeper(db, turns, rules);
    },
    drop(share: number): void {
      const bound = pairs[Math.floor(pairs.length * share)]?.seq ?? 0;
      keeper.dropUpTo(bound);
      pairs = pairs.filter(({ seq }) => seq > bound);
      own = own.filter(({ seq }) => seq > bound);
    },
    /** As whoever erases events asks for it. */
    forget(term: number, seqs: readonly number[], erasure = 1): void {
      askToForget(db, erasure, { terms: [term], identities: [], seqs });
      asked.push(...seqs.map((seq) => ({ term, seq })));
    },
    /** Nothing is asked any more, so it is gone. */
    isForgotten(): boolean {
      if (db.prepare('SELECT 1 FROM index_forgotten LIMIT 1').get()) return false;
      pairs = pairs.filter((pair) => !asked.some(({ term, seq }) => pair.term === term && pair.seq === seq));
      asked = [];
      return true;
    },
  };
}

export type World = ReturnType<typeof createWorld>;

/** What is found, and between two slices whatever `between` does. What is dropped may be found until its week is over. */
export function found(world: World, terms: readonly number[], between: () => void = () => {}): number[] {
  const { dropped } = indexState(world.db);
  const seqs: number[] = [];
  for (const seq of findByTerms(world.db, terms, everything)) {
    if (seq === null) between();
    else if (seq > dropped) seqs.push(seq);
  }
  return seqs;
}

export function expected({ pairs }: World, isWanted: (term: number) => boolean): number[] {
  return pairs
    .filter(({ term }) => isWanted(term))
    .map(({ seq }) => seq)
    .sort((a, b) => b - a);
}
