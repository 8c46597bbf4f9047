import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { newEvent } from '../../conformance/samples.ts';
import { eventRow } from '../../log/rows.ts';
import { bucketCount, bucketOf, identityTerm, searchTerm } from '../../search/terms.ts';
import { findEvents } from '../history/find-events.ts';
import { getEvent } from '../history/get.ts';
import { migrations } from '../migrations/index.ts';
import { migrate } from '../migrations/migrate.ts';
import { finish } from '../reader/work.ts';
import { testNumberKey } from '../testing/store-cipher.ts';
import { useNumberKey } from '../thread/number-key.ts';
import { createWriteTurns } from '../thread/write-turns.ts';
import { createCommit } from '../writer/commit.ts';
import { createEventIndex } from '../writer/event-index.ts';
import { createFanOuts } from '../writer/fan-outs.ts';
import { unkeyedNumberTerm } from './former-number-terms.ts';
import { askToForget } from './keeper/asked-to-forget.ts';
import { createIndexKeeper, keeperDefaults } from './keeper/keeper.ts';
import { encodePairs } from './pairs.ts';

const number = '919812345678';
const term = unkeyedNumberTerm(number);
const entry = (messageId: string, ownId: string) => newEvent([], { messageId, mobileNumber: number }, ownId);

/** A database of before the index in runs: an event in a folded run, another in the tail. */
function upgraded() {
  const db = new DatabaseSync(':memory:');
  migrate(db, migrations.slice(0, 26));
  const insert = db.prepare('INSERT INTO events VALUES (?, ?, ?, 0, ?)');
  const identities = [entry('one', 'id 1'), entry('two', 'id 2')].map((given, i) => {
    const seq = 10 * (i + 1);
    const { ownId, account, body, identity } = eventRow(given, seq);
    insert.run(seq, ownId, account, body);
    return identityTerm(identity);
  });
  db.prepare('INSERT INTO search_runs VALUES (1, 10, 10)').run();
  for (const found of [term, searchTerm('message', 'one')]) {
    const bucket = bucketCount + bucketOf(found);
    db.prepare('INSERT INTO search_buckets VALUES (?, ?)').run(bucket, encodePairs([found, 10]));
  }
  db.prepare('INSERT INTO event_identities VALUES (?, 10)').run(identities[0] ?? 0);
  const tail = db.prepare('INSERT INTO index_tail VALUES (1, ?, ?)');
  tail.run(encodePairs([identities[1] ?? 0, 20]), encodePairs([term, 20, searchTerm('message', 'two'), 20]));
  migrate(db);
  useNumberKey(db, testNumberKey);
  const commit = createCommit(db, createEventIndex(db), createFanOuts(db));
  const keeper = createIndexKeeper(db, createWriteTurns(null), { ...keeperDefaults, foldAt: 1 });
  const take = (given: ReturnType<typeof entry>, seq: number) => commit([eventRow(given, seq)], []).events[0];
  const find = (mobileNumber: string) => {
    const request = { filter: { accountId: 'acc_1', mobileNumber }, limit: 10, before: null, behind: null };
    return finish(findEvents(db, request, { spentMs: () => 0 })).data.map(({ event }) => event.messageId);
  };
  return { db, keeper, take, find };
}

it('what was indexed before is found, by the end of a number too, and known when it comes again', () => {
  const { db, keeper, take, find } = upgraded();
  expect(take(entry('one', 'id 1'), 30)).toMatchObject({ seq: 10 });
  expect(take(entry('two', 'id 2'), 40)).toMatchObject({ seq: 20 });
  expect(take(entry('three', 'id 3'), 50)).toBe(0);
  while (keeper.step());
  for (const asked of [number, '5678', '12345678']) expect(find(asked)).toEqual(['three', 'two', 'one']);
  for (const id of ['id 1', 'id 2', 'id 3']) {
    expect(finish(getEvent(db, { id, accountId: 'acc_1' }))?.event.id).toBe(id);
  }
});

it('what was indexed before is forgotten and dropped as everything is', () => {
  const { db, keeper, take, find } = upgraded();
  expect(take(entry('three', 'id 3'), 50)).toBe(0);
  askToForget(db, 1, { terms: [term], identities: [], seqs: [10, 20] });
  while (keeper.step());
  expect(find(number)).toEqual(['three']);
  const left = (table: string) => Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n);
  db.exec('DELETE FROM events WHERE seq <= 20');
  keeper.dropUpTo(20);
  while (keeper.step());
  expect([left('search_runs'), left('search_buckets'), left('event_identities')]).toEqual([0, 0, 0]);
  expect(find('5678')).toEqual(['three']);
});
