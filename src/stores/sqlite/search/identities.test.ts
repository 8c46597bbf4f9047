import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import { migrate } from '../migrations/migrate.ts';
import { createWriteTurns } from '../thread/write-turns.ts';
import { createIdentities, type Identities } from './identities.ts';
import { createIndexKeeper, keeperDefaults } from './keeper/keeper.ts';
import { encodePairs } from './pairs.ts';
import { runKinds } from './runs/tables.ts';

/** 10,000 own ids, whose filter has 40 blocks in 4 rows. */
const terms = Array.from({ length: 10_000 }, (_, i) => Math.floor((i / 10_000) * 2 ** 53) + 77);

let db: DatabaseSync;

beforeEach(() => {
  db = new DatabaseSync(':memory:');
  migrate(db);
  add(terms, 1);
});

/** Stores a run of own ids, numbered from one on. */
function add(these: readonly number[], from: number): void {
  const own = encodePairs(these.flatMap((term, i) => [term, from + i]));
  const folded = Number(db.prepare('SELECT folded FROM index_state').get()?.folded);
  db.prepare("INSERT INTO index_tail (id, identities, terms, own) VALUES (?, x'', x'', ?)").run(
    folded + 1,
    own,
  );
  const keeper = createIndexKeeper(db, createWriteTurns(null), { ...keeperDefaults, foldAt: 1 });
  while (keeper.step());
}

/** From here on what is read of filters says that nothing is there. */
function emptyFilters(): void {
  db.exec('UPDATE index_filters SET bits = zeroblob(length(bits))');
}

function known(identities: Identities): number {
  return terms.filter((term) => identities.find(runKinds.ownId, term).length > 0).length;
}

describe('the filters of identities', () => {
  it('are read a few rows at a commit, the next ones at the next', () => {
    const identities = createIdentities(db, { mostBytes: 2 ** 20, rowsAtOnce: 1 });
    for (let commit = 0; commit < 3; commit++) identities.refresh(0);
    emptyFilters();
    identities.refresh(0);
    expect(known(identities)).toBeGreaterThan(0.7 * terms.length);
    expect(known(identities)).toBeLessThan(0.8 * terms.length);
  });

  it('find what is there before they were read, and keep what was read for that', () => {
    const identities = createIdentities(db, { mostBytes: 2 ** 20, rowsAtOnce: 0 });
    identities.refresh(0);
    const lastRow = terms.slice(9_000);
    expect(lastRow.every((term, i) => identities.find(runKinds.ownId, term)[0] === 9_001 + i)).toBe(true);
    emptyFilters();
    expect(known(identities)).toBeGreaterThan(0.2 * terms.length);
    expect(known(identities)).toBeLessThan(0.3 * terms.length);
  });

  it('are all in memory when they were warmed, and stay there when another run comes', () => {
    const identities = createIdentities(db, { mostBytes: 2 ** 22, rowsAtOnce: 1 });
    identities.refresh(0);
    identities.warm(60_000);
    emptyFilters();
    add([5], 20_000);
    identities.add(runKinds.ownId, 5, 20_000);
    identities.refresh(0);
    expect(known(identities)).toBe(terms.length);
    expect(identities.find(runKinds.ownId, 5)).toEqual([20_000]);
  });

  it('stay on the disk where there is no room for them', () => {
    const identities = createIdentities(db, { mostBytes: 100, rowsAtOnce: 100 });
    identities.refresh(0);
    identities.warm(60_000);
    expect(known(identities)).toBe(terms.length);
    emptyFilters();
    expect(known(identities)).toBe(0);
  });
});

describe('identities that were added since the process began', () => {
  /** 10,000 others, in a run behind the first one. */
  const later = terms.map((term) => term + 1_000);

  function withLater(options: Parameters<typeof createIdentities>[1]): Identities {
    const identities = createIdentities(db, options);
    identities.refresh(0);
    later.forEach((term, i) => void identities.add(runKinds.ownId, term, 20_001 + i));
    add(later, 20_001);
    identities.refresh(0);
    return identities;
  }

  it('are found in their runs, and no run of theirs is asked for others', () => {
    const identities = withLater({ mostBytes: 2 ** 24, rowsAtOnce: 100 });
    const found = later.map((term) => identities.find(runKinds.ownId, term));
    expect(found).toEqual(later.map((_, i) => [20_001 + i]));
    expect(later.every((term) => identities.mayBeAdded(runKinds.ownId, term))).toBe(true);
    const others = terms.map((term) => term + 5_000);
    const asked = others.filter((term) => identities.mayBeAdded(runKinds.ownId, term));
    expect(asked.length).toBeLessThan(100);
    expect(identities.mayBeAdded(runKinds.report, later[0] ?? 0)).toBe(false);
  });

  it('are found beside those of before, also where a merge has brought both into one run', () => {
    const identities = withLater({ mostBytes: 2 ** 24, rowsAtOnce: 100 });
    expect(known(identities)).toBe(terms.length);
    for (let round = 0; round < 6; round++) {
      const more = later.map((term) => term + 1_000 * (round + 1));
      more.forEach((term, i) => void identities.add(runKinds.ownId, term, 100_000 * (round + 1) + i));
      add(more, 100_000 * (round + 1));
    }
    identities.refresh(0);
    const runs = db.prepare('SELECT count(*) AS n FROM index_runs WHERE kind = 2').get();
    expect(runs).toEqual({ n: 1 });
    expect(known(identities)).toBe(terms.length);
    expect(later.every((term, i) => identities.find(runKinds.ownId, term)[0] === 20_001 + i)).toBe(true);
  });

  it('are found by the filters of their runs where the generations had no room any more', () => {
    const generations = { fewest: 3_000, most: 3_000 };
    const identities = withLater({ mostBytes: 11_000, rowsAtOnce: 100, generations });
    for (let commit = 0; commit < 4; commit++) identities.refresh(0);
    expect(identities.mayBeAdded(runKinds.ownId, later[0] ?? 0)).toBe(false);
    expect(identities.mayBeAdded(runKinds.ownId, later[9_999] ?? 0)).toBe(true);
    expect(later.every((term, i) => identities.find(runKinds.ownId, term)[0] === 20_001 + i)).toBe(true);
  });

  it('stay in memory as long as they may be in no run', () => {
    const generations = { fewest: 3_000, most: 3_000 };
    const identities = createIdentities(db, { mostBytes: 1_000, rowsAtOnce: 0, generations });
    later.forEach((term, i) => void identities.add(runKinds.ownId, term, 20_001 + i));
    for (let commit = 0; commit < 4; commit++) identities.refresh(10_000);
    expect(later.every((term) => identities.mayBeAdded(runKinds.ownId, term))).toBe(true);
    for (let commit = 0; commit < 4; commit++) identities.refresh(4_000);
    expect(identities.mayBeAdded(runKinds.ownId, later[0] ?? 0)).toBe(false);
    expect(later.slice(6_000).every((term) => identities.mayBeAdded(runKinds.ownId, term))).toBe(true);
  });
});
