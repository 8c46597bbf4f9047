import { DatabaseSync } from 'node:sqlite';
import { expect, it, vi } from 'vitest';
import { sequenceAt } from '../../../../core/ids.ts';
import { eventually } from '../../../../testing/eventually.ts';
import { migrate } from '../../migrations/migrate.ts';
import { createWriteTurns } from '../../thread/write-turns.ts';
import { encodePairs } from '../pairs.ts';
import { askToForget } from './asked-to-forget.ts';
import { keepIndex } from './keeper-calls.ts';

it('tells what keeps it from its work with each try, tries again, and tells when nothing does any more', async (test) => {
  vi.useFakeTimers();
  test.onTestFinished(() => void vi.useRealTimers());
  const db = new DatabaseSync(':memory:');
  migrate(db);
  const seq = sequenceAt(Date.UTC(2026, 10, 22));
  askToForget(db, 1, { terms: [7], identities: [], seqs: [seq] });
  db.exec(
    `CREATE TRIGGER refusal BEFORE DELETE ON index_forgotten BEGIN SELECT RAISE(ABORT, 'disk full'); END`,
  );
  const told: (string | null)[] = [];
  const calls = keepIndex(db, createWriteTurns(null), (problem) => void told.push(problem));
  await calls.open();
  vi.advanceTimersByTime(300);
  expect(told).toEqual(['disk full']);
  vi.advanceTimersByTime(5_000);
  expect(told).toEqual(['disk full', 'disk full']);
  db.exec('DROP TRIGGER refusal');
  vi.advanceTimersByTime(5_000);
  expect(told).toEqual(['disk full', 'disk full', null]);
  vi.advanceTimersByTime(10_000);
  expect(told).toHaveLength(3);
  expect(db.prepare('SELECT count(*) AS n FROM index_forgotten').get()?.n).toBe(0);
  await calls.close();
});

it('where no event is left, nothing is left of the index either', async () => {
  const db = new DatabaseSync(':memory:');
  migrate(db);
  const seq = sequenceAt(Date.UTC(2026, 10, 22));
  const none = encodePairs([]);
  db.prepare('INSERT INTO index_tail (id, identities, terms, reports, own) VALUES (1, ?, ?, ?, ?)').run(
    ...[none, encodePairs([7, seq]), none, none],
  );
  const calls = keepIndex(db, createWriteTurns(null));
  await calls.open();
  const left = await eventually(
    async () => db.prepare('SELECT count(*) AS n FROM index_tail').get()?.n,
    (rows) => rows === 0,
  );
  expect(left).toBe(0);
  await calls.close();
});
