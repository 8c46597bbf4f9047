import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { findByTerm } from '../search/find.ts';
import { createIdentities } from '../search/identities.ts';
import { createIndexKeeper, keeperDefaults } from '../search/keeper/keeper.ts';
import { encodePairs } from '../search/pairs.ts';
import { runKinds } from '../search/runs/tables.ts';
import { createWriteTurns } from '../thread/write-turns.ts';
import { migrations } from './index.ts';
import { migrate } from './migrate.ts';

it('what was asked to be forgotten before the step is forgotten behind it, terms and identities', () => {
  const db = new DatabaseSync(':memory:');
  migrate(db, migrations.slice(0, 29));
  const keep = (): void => {
    const keeper = createIndexKeeper(db, createWriteTurns(null), { ...keeperDefaults, foldAt: 1 });
    while (keeper.step());
  };
  const pairs = [70, 10, 70, 20, 71, 20];
  const blobs = [encodePairs(pairs), encodePairs([80, 10, 81, 20])];
  db.prepare("INSERT INTO index_tail (id, identities, terms, reports) VALUES (1, x'', ?, ?)").run(...blobs);
  db.exec('INSERT INTO index_forgotten (term, seq) VALUES (70, 20), (71, 20), (81, 20)');
  migrate(db);
  keep();
  const everything = { from: 0, before: Number.MAX_SAFE_INTEGER };
  const found = (term: number) => [...findByTerm(db, term, everything)].filter((seq) => seq !== null);
  expect([found(70), found(71)]).toEqual([[10], []]);
  const identities = createIdentities(db);
  identities.refresh(0);
  expect([80, 81].map((term) => identities.find(runKinds.report, term))).toEqual([[10], []]);
  expect(db.prepare('SELECT count(*) AS n FROM index_forgotten').get()).toEqual({ n: 0 });
});
