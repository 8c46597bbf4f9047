import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { migrate } from '../migrations/migrate.ts';
import { createEventIndex } from '../writer/event-index.ts';
import { findByTerms } from './find.ts';

const everything = { from: 0, before: Number.MAX_SAFE_INTEGER };
const [mine, theirs] = [1, 2];

it('gives falling numbers where a fold came between the parts of an event and what others stored meanwhile', () => {
  const db = new DatabaseSync(':memory:');
  migrate(db);
  const index = createEventIndex(db, 4);
  const note = (...terms: number[]): void => {
    index.addTerms(terms);
    index.write();
    index.commit();
  };
  const runs = (): number => Number(db.prepare('SELECT count(*) AS n FROM search_runs').get()?.n);
  // The first part of an event with numbers up to 40, somebody else's from 50 on, and the other parts behind them.
  note(mine, 10);
  note(theirs, 50, theirs, 51, theirs, 52);
  note(mine, 20);
  note(theirs, 60);
  note(mine, 30);
  note(mine, 40, theirs, 70);
  const all = [70, 60, 52, 51, 50, 40, 30, 20, 10];
  expect([...findByTerms(db, [mine, theirs], everything)].filter((seq) => seq !== null)).toEqual(all);
  for (let seq = 80; runs() < 4; seq++) note(3, seq);
  expect([...findByTerms(db, [mine, theirs], everything)].filter((seq) => seq !== null)).toEqual(all);
  expect([...findByTerms(db, [mine], everything)].filter((seq) => seq !== null)).toEqual([40, 30, 20, 10]);
});
