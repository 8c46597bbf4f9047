import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { newEvent } from '../../conformance/samples.ts';
import { eventRow } from '../../log/rows.ts';
import { migrate } from '../migrations/migrate.ts';
import { testNumberKey } from '../testing/store-cipher.ts';
import { useNumberKey } from '../thread/number-key.ts';
import { createCommit } from './commit.ts';
import { createEventIndex, type EventIndex } from './event-index.ts';
import { createFanOuts } from './fan-outs.ts';

it('an event whose identity only has the hash of another one is no duplicate of it; one with the same identity is', () => {
  const db = new DatabaseSync(':memory:');
  migrate(db);
  useNumberKey(db, testNumberKey);
  // Every identity has the same hash.
  const index = createEventIndex(db);
  const colliding: EventIndex = {
    ...index,
    findRecent: (kind) => index.findRecent(kind, 1),
    findOlder: (kind) => index.findOlder(kind, 1),
    add: (kind, _, event, terms) => index.add(kind, 1, event, terms),
  };
  const commit = createCommit(db, colliding, createFanOuts(db));
  const [one, other] = [newEvent(['wh_1'], { messageId: 'one' }), newEvent(['wh_1'], { messageId: 'other' })];
  const answerTo = (...rows: [typeof one, number][]) =>
    commit(
      rows.map(([entry, seq]) => eventRow(entry, seq)),
      [],
    ).events;
  expect(answerTo([one, 10], [other, 20])).toEqual([0, 0]);
  expect(answerTo([other, 30], [one, 40])).toEqual([
    { seq: 20, ownId: null, deliveries: 1, differs: false },
    { seq: 10, ownId: null, deliveries: 1, differs: false },
  ]);
  expect(db.prepare('SELECT count(*) AS n FROM deliveries').get()).toEqual({ n: 2 });
  db.close();
});
