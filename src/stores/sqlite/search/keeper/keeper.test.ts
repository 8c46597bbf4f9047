import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createWorld,
  day,
  everything,
  expected,
  found,
  start,
  type World,
} from '../../testing/index-world.ts';
import { findByRanges, findByTerms } from '../find.ts';
import { createIdentities } from '../identities.ts';
import { indexState, runKinds, runStates } from '../runs/tables.ts';

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
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('refuse' as const),
      table: fc.constantFrom('index_runs', 'index_chunks', 'index_tail', 'index_forgotten'),
      pieces: fc.nat({ max: 8 }),
    }),
  },
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
  it('finds what a list finds, whatever is folded, merged, dropped, forgotten or refused, and whenever the process ends', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
        const world = createWorld();
        for (const each of steps) {
          if (each.kind === 'append') world.append(each.terms);
          else if (each.kind === 'keep') for (let i = 0; i < each.pieces; i++) world.step();
          else if (each.kind === 'crash') world.crash();
          else if (each.kind === 'refuse') world.refuse(each.table, each.pieces);
          else if (each.kind === 'wait') world.wait(each.days);
          else if (each.kind === 'drop') world.drop(each.share);
          else {
            const own = world.pairs.filter(({ term }) => term === each.term).map(({ seq }) => seq);
            world.forget(
              each.term,
              own.filter((_, i) => each.all || i % 2 === 0),
            );
            // A process may end in the middle, and a disk refuse.
            for (let piece = 0; !world.isForgotten(); piece++)
              if (piece === 3) world.crash();
              else if (piece === 5) world.refuse('index_forgotten', 4);
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
        // Nor is anything left of what did not come to its end.
        const { begun, over } = runStates;
        const unused = world.db.prepare('SELECT count(*) AS n FROM index_runs WHERE state IN (?, ?)');
        expect(unused.get(begun, over)?.n).toBe(0);
        const identities = createIdentities(world.db);
        identities.refresh(0);
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

  it('has nothing left of what is gone where nothing comes after it', () => {
    const world = createWorld();
    const terms = Array.from({ length: 50 }, (_, i) => i);
    for (let i = 0; i < 20; i++) world.append(terms);
    world.settle();
    world.append(terms);
    world.settle();
    const tail = () => world.db.prepare('SELECT count(*) AS n FROM index_tail').get()?.n;
    expect(tail()).toBeGreaterThan(0);
    world.drop(1 - 1e-9);
    world.settle();
    expect(tail()).toBe(0);
    for (const table of ['index_runs', 'index_chunks', 'index_places', 'index_filters'])
      expect(world.db.prepare(`SELECT count(*) AS n FROM ${table}`).get()).toEqual({ n: 0 });
  });
});

function tailOf({ db }: World, folded: number): number[] {
  const rows = db.prepare('SELECT own FROM index_tail WHERE id > ?').all(folded);
  return rows.flatMap(({ own }) =>
    Array.from(new Float64Array((own as Uint8Array).slice().buffer)).filter((_, i) => i % 2 === 1),
  );
}
