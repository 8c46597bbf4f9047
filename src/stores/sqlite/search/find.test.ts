import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { migrate } from '../migrations/migrate.ts';
import { createWriteTurns } from '../thread/write-turns.ts';
import { createEventIndex } from '../writer/event-index.ts';
import { findByTerms } from './find.ts';
import { createIndexKeeper } from './keeper/keeper.ts';

const everything = { from: 0, before: Number.MAX_SAFE_INTEGER };
const [mine, theirs] = [1, 2];
const rules = { foldAt: 1, fanIn: 100, searchFanIn: 100, mostPairs: 1_000, chunksAPiece: 1 };

it('gives falling numbers where a fold came between the parts of an event and what others stored meanwhile', () => {
  const db = new DatabaseSync(':memory:');
  migrate(db);
  const index = createEventIndex(db);
  const keeper = createIndexKeeper(db, createWriteTurns(null), rules);
  const note = (...terms: number[]): void => {
    index.addTerms(terms);
    index.write();
    index.commit();
  };
  const find = (...terms: number[]) => [...findByTerms(db, terms, everything)].filter((seq) => seq !== null);
  const all = [70, 60, 52, 51, 50, 40, 30, 20, 10];
  // The first part of an event with numbers up to 40, somebody else's from 50 on, and the other parts behind them.
  note(mine, 10);
  while (keeper.step());
  note(theirs, 50, theirs, 51, theirs, 52);
  note(mine, 20);
  while (keeper.step());
  note(theirs, 60);
  note(mine, 30);
  note(mine, 40, theirs, 70);
  expect(find(mine, theirs)).toEqual(all);
  while (keeper.step());
  expect(db.prepare('SELECT count(*) AS n FROM index_runs').get()).toEqual({ n: 5 });
  expect(find(mine, theirs)).toEqual(all);
  expect(find(mine)).toEqual([40, 30, 20, 10]);
});
