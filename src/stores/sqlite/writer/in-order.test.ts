import { expect, it } from 'vitest';
import { stateCode } from '../../codes.ts';
import { newEvent } from '../../conformance/samples.ts';
import { storyKey } from '../../log/order-key.ts';
import { createDirectStore } from '../testing/direct-store.ts';
import { createInOrder } from './in-order.ts';

it('a report is outdated by what was told of its own message, not by one that only has the same hash', () => {
  const { db, commit } = createDirectStore(100);
  const [mine, other] = ['m1', 'm2'].map((messageId) => newEvent([], { messageId, status: 'read' }));
  if (!mine || !other) throw new Error('no events');
  commit([mine, other]);
  const [first, second] = db.prepare('SELECT seq FROM events ORDER BY seq').all();
  const inOrder = createInOrder(db);
  const sent = { ...mine.event, status: 'sent' };
  const begins = (event: number | null): number => {
    db.exec('DELETE FROM told_steps');
    const tell = db.prepare(
      'INSERT INTO told_steps (webhook, message, step, at, event) VALUES (?, ?, 4, 0, ?)',
    );
    tell.run('wh_1', storyKey(sent), event);
    return inOrder.begin('wh_1', sent).state;
  };
  expect(begins(Number(first?.seq))).toBe(stateCode('skipped'));
  expect(begins(Number(second?.seq))).toBe(stateCode('pending'));
  // Of before it was known who told.
  expect(begins(null)).toBe(stateCode('skipped'));
});
