import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { formerIdentity } from '../../../core/event-identity.ts';
import { sequenceAt } from '../../../core/ids.ts';
import { newEvent } from '../../conformance/samples.ts';
import { eventRow } from '../../log/rows.ts';
import type { NewEvent } from '../../ports/delivery-log.ts';
import { identityTerm, searchTerm } from '../../search/terms.ts';
import { findEvents } from '../history/find-events.ts';
import { finish } from '../reader/work.ts';
import { encodePairs } from '../search/pairs.ts';
import { testNumberKey } from '../testing/store-cipher.ts';
import { useNumberKey } from '../thread/number-key.ts';
import { createCommit } from '../writer/commit.ts';
import { createEventIndex } from '../writer/event-index.ts';
import { createFanOuts } from '../writer/fan-outs.ts';
import { migrations } from './index.ts';
import { migrate } from './migrate.ts';

const began = Date.UTC(2026, 10, 22);
const day = 24 * 3_600_000;

/** A database of before the step, with what `fill` puts there. */
function upgraded(fill: (db: DatabaseSync) => void): DatabaseSync {
  const db = new DatabaseSync(':memory:');
  migrate(db, migrations.slice(0, 18));
  fill(db);
  migrate(db);
  useNumberKey(db, testNumberKey);
  return db;
}

function storeFormer(db: DatabaseSync, { event }: NewEvent): void {
  const seq = sequenceAt(began);
  const { account, body } = eventRow({ event, ownId: null, webhookIds: [] }, seq);
  const term = identityTerm(formerIdentity(event));
  db.prepare('INSERT INTO events VALUES (?, NULL, ?, 0, ?)').run(seq, account, body);
  db.prepare('INSERT INTO event_identities VALUES (?, ?)').run(term, seq);
}

describe('after the upgrade', () => {
  const parts = { messageId: 'bulk', mobileNumber: '0091 98123 45678', errorCode: '000' };
  const db = upgraded((before) => storeFormer(before, newEvent([], parts)));
  const commit = createCommit(db, createEventIndex(db), createFanOuts(db));
  const take = (entry: NewEvent, at: number) => commit([eventRow(entry, sequenceAt(at))], []).events[0];

  it('a report of before is known for 7 days, in whatever spelling', () => {
    const again = newEvent([], { ...parts, mobileNumber: '919812345678' });
    expect(take(again, began + 7 * day - 1)).toEqual({
      ...{ seq: sequenceAt(began), ownId: null, deliveries: 0, differs: false },
    });
    expect(take(again, began + 7 * day)).toBe(0);
  });

  it('what was taken for it before is another one', () => {
    expect(take(newEvent([], { ...parts, errorCode: '001' }), began + day)).toBe(0);
    expect(take(newEvent([], { ...parts, mobileNumber: '919812345679' }), began + 2 * day)).toBe(0);
  });
});

describe('numbers of before the upgrade', () => {
  const written = ['919812345678', '+91 98123-45679', '0091 98123 45680', '09812345681', 'AD-HDFCBK'];
  const db = upgraded((before) => {
    written.forEach((mobileNumber, i) => {
      const seq = sequenceAt(began + i);
      const { event } = newEvent([], { mobileNumber });
      const { account, body } = eventRow({ event, ownId: null, webhookIds: [] }, seq);
      before.prepare('INSERT INTO events VALUES (?, NULL, ?, 0, ?)').run(seq, account, body);
      const terms = [searchTerm('mobile', mobileNumber.replace(/\D/g, '') || mobileNumber), seq];
      before
        .prepare('INSERT INTO index_tail VALUES (?, ?, ?)')
        .run(i + 1, encodePairs([]), encodePairs(terms));
    });
  });
  const commit = createCommit(db, createEventIndex(db), createFanOuts(db));
  commit([eventRow(newEvent([], { mobileNumber: '919812345682' }), sequenceAt(began + day))], []);
  const find = (mobileNumber: string): (string | null)[] => {
    const request = { filter: { accountId: 'acc_1', mobileNumber }, limit: 10, behind: null };
    return finish(findEvents(db, request, { spentMs: () => 0 })).data.map(({ event }) => event.mobileNumber);
  };

  it.each([
    ['919812345678', [written[0]]],
    ['+91 98123 45679', [written[1]]],
    ['919812345680', [written[2]]],
    ['+919812345680', [written[2]]],
    ['AD-HDFCBK', [written[4]]],
    ['5679', [written[1]]],
    ['9812345680', [written[2]]],
    ['09812345681', [written[3]]],
    ['09812345678', [written[0]]],
    ['5682', ['919812345682']],
    ['919812345682', ['919812345682']],
    ['0000', []],
  ])('are found by %s', (asked, expected) => {
    expect(find(asked)).toEqual(expected);
  });
});

it('a sender whose number begins with 00 is the one without, once', () => {
  const db = upgraded((before) => {
    before.exec(`insert into accounts (id, name, created_at) values ('a', 'A', 0), ('b', 'B', 0)`);
    const add = before.prepare(`insert into senders values (?, ?, 'whatsapp', ?, null, 0)`);
    add.run('a', 's1', '0016315558151');
    add.run('a', 's2', '16315558151');
    add.run('b', 's3', '00250788123200');
    add.run('b', 's4', '0788123200');
    add.run('b', 's5', '000000');
  });
  const numbers = db.prepare('select product_unique_id as number from senders order by id').all();
  expect(numbers.map(({ number }) => number)).toEqual([
    '16315558151',
    '250788123200',
    '0788123200',
    '000000',
  ]);
});
