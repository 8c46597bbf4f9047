import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sequenceAt } from '../../../../core/ids.ts';
import { migrate } from '../../migrations/migrate.ts';
import { createWriteTurns } from '../../thread/write-turns.ts';
import { findByRanges, findByTerms } from '../find.ts';
import { createIdentities } from '../identities.ts';
import { encodePairs } from '../pairs.ts';
import { readChunk } from '../runs/chunk.ts';
import { indexState, runKinds } from '../runs/tables.ts';
import { createIndexKeeper, type IndexKeeper, type KeeperOptions } from './keeper.ts';

const everything = { from: 0, before: Number.MAX_SAFE_INTEGER };
const start = sequenceAt(Date.UTC(2026, 10, 22));
const day = sequenceAt(Date.UTC(2025, 0, 2));

interface Pair {
  readonly term: number;
  readonly seq: number;
}

/** The index on a database in memory, and beside it all that it should hold, as a list. */
function createWorld(options: Partial<KeeperOptions> = {}) {
  const db = new DatabaseSync(':memory:');
  migrate(db);
  const rules = { foldAt: 300, fanIn: 3, mostPairs: 4_000, chunksAPiece: 1, ...options };
  let keeper: IndexKeeper = createIndexKeeper(db, createWriteTurns(null), rules);
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
    crash(): void {
      keeper = createIndexKeeper(db, createWriteTurns(null), rules);
    },
    drop(share: number): void {
      const bound = pairs[Math.floor(pairs.length * share)]?.seq ?? 0;
      keeper.dropUpTo(bound);
      pairs = pairs.filter(({ seq }) => seq > bound);
      own = own.filter(({ seq }) => seq > bound);
    },
    /** As whoever erases events asks for it. */
    forget(term: number, seqs: readonly number[]): void {
      const ask = db.prepare('INSERT OR IGNORE INTO index_forgotten (term, seq) VALUES (?, ?)');
      for (const seq of seqs) ask.run(term, seq);
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

type World = ReturnType<typeof createWorld>;

/** What is found, and between two slices whatever `between` does. What is dropped may be found until its week is over. */
function found(world: World, terms: readonly number[], between: () => void = () => {}): number[] {
  const { dropped } = indexState(world.db);
  const seqs: number[] = [];
  for (const seq of findByTerms(world.db, terms, everything)) {
    if (seq === null) between();
    else if (seq > dropped) seqs.push(seq);
  }
  return seqs;
}

function expected({ pairs }: World, isWanted: (term: number) => boolean): number[] {
  return pairs
    .filter(({ term }) => isWanted(term))
    .map(({ seq }) => seq)
    .sort((a, b) => b - a);
}

const anyTerm = fc.oneof(
  fc.nat({ max: 4 }),
  fc.maxSafeNat(),
  fc.integer({ min: 2 ** 50, max: 2 ** 50 + 40 }),
);
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      terms: fc.array(anyTerm, { maxLength: 250 }),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('keep' as const), pieces: fc.nat({ max: 12 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('crash' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), days: fc.nat({ max: 10 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('drop' as const),
      share: fc.double({ min: 0, max: 0.8, noNaN: true }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('forget' as const),
      term: fc.nat({ max: 4 }),
      all: fc.boolean(),
    }),
  },
);

describe('the index', () => {
  it('finds what a list finds, whatever is folded, merged, dropped and forgotten, and whenever the process ends', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
        const world = createWorld();
        for (const each of steps) {
          if (each.kind === 'append') world.append(each.terms);
          else if (each.kind === 'keep') for (let i = 0; i < each.pieces; i++) world.step();
          else if (each.kind === 'crash') world.crash();
          else if (each.kind === 'wait') world.wait(each.days);
          else if (each.kind === 'drop') world.drop(each.share);
          else {
            const own = world.pairs.filter(({ term }) => term === each.term).map(({ seq }) => seq);
            world.forget(
              each.term,
              own.filter((_, i) => each.all || i % 2 === 0),
            );
            // A process may end in the middle.
            for (let piece = 0; !world.isForgotten(); piece++)
              if (piece === 3) world.crash();
              else world.step();
          }
          expect(found(world, [0])).toEqual(expected(world, (term) => term === 0));
        }
        // The keeper goes on while somebody reads.
        expect(found(world, [1, 2], () => void world.step())).toEqual(
          expected(world, (term) => term === 1 || term === 2),
        );
        world.settle();
        for (const { term } of world.pairs.slice(0, 50)) {
          expect(found(world, [term])).toEqual(expected(world, (other) => other === term));
        }
        const range = { from: 2 ** 50 + 10, before: 2 ** 50 + 30 };
        const { dropped } = indexState(world.db);
        const inRange = [...findByRanges(world.db, [range], everything)].filter(
          (seq) => seq !== null && seq > dropped,
        );
        expect(inRange).toEqual(expected(world, (term) => term >= range.from && term < range.before));
        const identities = createIdentities(world.db);
        identities.refresh();
        const { folded } = indexState(world.db);
        const inTail = new Set(tailOf(world, folded));
        for (const { term, seq } of world.own) {
          if (!inTail.has(seq)) expect(identities.find(runKinds.ownId, term)).toEqual([seq]);
        }
        world.db.close();
      }),
      { numRuns: 60 },
    );
  });

  it('gives a page of a long run without reading all of it, from any number on', () => {
    const world = createWorld({ foldAt: 20_000, mostPairs: 1_000_000 });
    for (let i = 0; i < 50; i++) world.append(Array.from({ length: 400 }, (_, n) => (n % 2 === 0 ? 7 : 8)));
    world.settle();
    const all = expected(world, (term) => term === 7);
    for (const at of [0, 4_321, 9_990]) {
      const before = all[at] ?? 0;
      const page: number[] = [];
      let slices = 0;
      for (const seq of findByTerms(world.db, [7], { from: 0, before })) {
        if (seq === null) slices++;
        else if (page.push(seq) === 9) break;
      }
      expect(page).toEqual(all.slice(at + 1, at + 10));
      expect(slices).toBeLessThan(5);
    }
    // A range gives thousands at a time.
    const inRange = [...findByRanges(world.db, [{ from: 7, before: 9 }], everything)].filter(
      (seq) => seq !== null,
    );
    expect(inRange).toEqual(expected(world, () => true));
  });

  it('has few runs however much there is, and those that are dropped leave nothing', () => {
    const world = createWorld({ mostPairs: 100_000 });
    for (let i = 0; i < 60; i++) {
      world.append(Array.from({ length: 300 }, (_, n) => (i * 300 + n) * 2 ** 33));
      world.settle();
    }
    const runs = (): number =>
      Number(world.db.prepare('SELECT count(*) AS n FROM index_runs WHERE kind = 0').get()?.n);
    expect(runs()).toBeLessThan(10);
    world.wait(30);
    for (let i = 0; i < 300; i++) world.append([i * 2 ** 40]);
    world.settle();
    // Of the weeks that are over one is left of each, and no reports.
    expect(runs()).toBeLessThan(5);
    const reports = world.db.prepare('SELECT min(first) AS first FROM index_runs WHERE kind = 1').get();
    expect(Number(reports?.first)).toBeGreaterThan(start + 20 * day);
    world.drop(0.999);
    world.settle();
    for (const table of ['index_chunks', 'index_places', 'index_filters']) {
      expect(Number(world.db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n)).toBeLessThan(10);
    }
  });

  it('has a term that was forgotten in no chunk and in no place', () => {
    const world = createWorld({ foldAt: 1_000, mostPairs: 100_000 });
    const term = 123 * 2 ** 40;
    for (let i = 0; i < 9; i++) {
      world.append(Array.from({ length: 500 }, (_, n) => (n % 100 === 0 ? term : n * 2 ** 42)));
      for (let piece = 0; piece < 4; piece++) world.step();
    }
    world.forget(
      term,
      world.pairs.filter((pair) => pair.term === term).map(({ seq }) => seq),
    );
    while (!world.isForgotten()) world.step();
    const chunks = world.db.prepare('SELECT pairs FROM index_chunks').all();
    expect(chunks.length).toBeGreaterThan(5);
    for (const { pairs } of chunks) expect(readChunk(pairs as Uint8Array).terms).not.toContain(term);
    expect(world.db.prepare('SELECT count(*) AS n FROM index_places WHERE term = ?').get(term)).toEqual({
      n: 0,
    });
    world.settle();
    expect(found(world, [term])).toEqual([]);
    expect(found(world, [42 * 2 ** 42])).toHaveLength(9);
  });
});

function tailOf({ db }: World, folded: number): number[] {
  const rows = db.prepare('SELECT own FROM index_tail WHERE id > ?').all(folded);
  return rows.flatMap(({ own }) =>
    Array.from(new Float64Array((own as Uint8Array).slice().buffer)).filter((_, i) => i % 2 === 1),
  );
}
