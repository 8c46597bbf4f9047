import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sequenceAt } from '../../../core/ids.ts';
import { spanOfTime } from '../acceptance-times.ts';
import { migrate } from '../migrations/migrate.ts';
import { createNumbersBefore } from './numbers-before.ts';

const began = Date.UTC(2026, 10, 22);
/** Numbers run ahead of the clock by a week. */
const firstNumber = sequenceAt(began + 7 * 86_400_000);

function open() {
  const db = new DatabaseSync(':memory:');
  migrate(db);
  const insert = db.prepare('INSERT INTO acceptance_times (first, last, at) VALUES (?, ?, ?)');
  let next = firstNumber;
  return {
    db,
    accept(at: number): void {
      insert.run(next, next + 8, at);
      next += 10;
    },
  };
}

it('is the last of all that were accepted before, also where the clock is set back now and then', () => {
  const moves = fc.array(fc.integer({ min: -3_000, max: 5_000 }), { minLength: 1, maxLength: 80 });
  fc.assert(
    fc.property(moves, fc.nat({ max: 20_000 }), (steps, keptMs) => {
      const { db, accept } = open();
      const numbers = createNumbersBefore(db);
      let now = began;
      for (const step of steps) {
        now += step;
        accept(now);
        const found = numbers.last(1, now - keptMs);
        expect(found).toEqual({ last: spanOfTime(db, 0, now - keptMs).before - 1, isAll: true });
      }
      db.close();
    }),
    { numRuns: 100 },
  );
});

it('comes some rows at a time, and each row once', () => {
  const { db, accept } = open();
  for (let i = 0; i < 2_500; i++) accept(began + i);
  accept(began + 10_000);
  const numbers = createNumbersBefore(db);
  const ask = (follower: number, time: number) => {
    const { last, isAll } = numbers.last(follower, began + time);
    return [(last - 8 - firstNumber) / 10, isAll];
  };
  expect([1, 2, 3].map(() => ask(1, 5_000))).toEqual([
    [999, false],
    [1_999, false],
    [2_499, true],
  ]);
  // Others have places of their own, and one goes back with its time.
  expect(ask(2, 5_000)).toEqual([999, false]);
  expect(ask(1, 7)).toEqual([6, true]);
  db.exec('DELETE FROM acceptance_times WHERE first < (SELECT max(first) FROM acceptance_times)');
  expect(ask(2, 5_000)).toEqual([999, true]);
});
