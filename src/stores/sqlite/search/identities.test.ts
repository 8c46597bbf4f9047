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
    for (let commit = 0; commit < 3; commit++) identities.refresh();
    emptyFilters();
    identities.refresh();
    expect(known(identities)).toBeGreaterThan(0.7 * terms.length);
    expect(known(identities)).toBeLessThan(0.8 * terms.length);
  });

  it('find what is there before they were read, and keep what was read for that', () => {
    const identities = createIdentities(db, { mostBytes: 2 ** 20, rowsAtOnce: 0 });
    identities.refresh();
    const lastRow = terms.slice(9_000);
    expect(lastRow.every((term, i) => identities.find(runKinds.ownId, term)[0] === 9_001 + i)).toBe(true);
    emptyFilters();
    expect(known(identities)).toBeGreaterThan(0.2 * terms.length);
    expect(known(identities)).toBeLessThan(0.3 * terms.length);
  });

  it('are all in memory when they were warmed, and stay there when another run comes', () => {
    const identities = createIdentities(db, { mostBytes: 2 ** 20, rowsAtOnce: 1 });
    identities.refresh();
    identities.warm(60_000);
    emptyFilters();
    add([5], 20_000);
    identities.refresh();
    expect(known(identities)).toBe(terms.length);
    expect(identities.find(runKinds.ownId, 5)).toEqual([20_000]);
  });

  it('stay on the disk where there is no room for them', () => {
    const identities = createIdentities(db, { mostBytes: 100, rowsAtOnce: 100 });
    identities.refresh();
    identities.warm(60_000);
    expect(known(identities)).toBe(terms.length);
    emptyFilters();
    expect(known(identities)).toBe(0);
  });
});
