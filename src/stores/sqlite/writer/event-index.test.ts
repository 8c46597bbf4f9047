import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newEvent, unique } from '../../conformance/samples.ts';
import type { NewEvent } from '../../ports/delivery-log.ts';
import { runKinds } from '../search/runs/tables.ts';
import { createDirectStore, type DirectStore } from '../testing/direct-store.ts';
import { createEventIndex } from './event-index.ts';

function count(store: DirectStore, table: string): number {
  return Number(store.db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n);
}

function event(messageId: string, id = unique('own')): NewEvent {
  return newEvent(['wh_1'], { messageId }, id);
}

describe('the event index', () => {
  it('finds everything before, during and after folds and merges, also when the process ends in the middle of one', () => {
    const store = createDirectStore(400);
    const ids: string[] = [];
    const check = (): void => {
      expect(store.search('m')).toEqual(ids.toReversed());
      for (const id of ids) {
        expect(store.find(id, 'acc_1')).toBe(id);
        expect(store.find(id, null)).toBe(id);
        expect(store.commit([event('m', id)]).events[0]).not.toBe(0);
      }
    };
    const add = (): void => {
      const entries = Array.from({ length: 40 }, () => event('m'));
      store.commit(entries);
      ids.push(...entries.map(({ ownId }) => ownId ?? ''));
    };
    const inUse = (): number =>
      Number(store.db.prepare('SELECT count(*) AS n FROM index_runs WHERE state = 1').get()?.n);
    for (let round = 0; round < 12; round++) {
      add();
      for (let piece = 0; piece < 3; piece++) store.keep();
      if (round % 4 === 3) store.reopen();
      check();
    }
    while (store.keep());
    expect(inUse()).toBeGreaterThan(0);
    expect(inUse()).toBeLessThan(8);
    expect(count(store, 'index_tail')).toBeLessThan(3);
    check();
  });

  it('keeps nothing of a transaction that failed', () => {
    const db = createDirectStore(100).db;
    const index = createEventIndex(db);
    const { ownId } = runKinds;
    const tail = () => Number(db.prepare('SELECT count(*) AS n FROM index_tail').get()?.n);
    index.add(ownId, 1, 10, [5, 10]);
    expect(index.findRecent(ownId, 1)).toEqual([10]);
    index.rollback();
    expect(index.findRecent(ownId, 1)).toEqual([]);
    index.write();
    index.commit();
    expect([tail(), index.findRecent(ownId, 1)]).toEqual([0, []]);
    index.add(ownId, 2, 20, [6, 20]);
    index.write();
    index.commit();
    expect([tail(), index.findRecent(ownId, 1), index.findRecent(ownId, 2)]).toEqual([1, [], [20]]);
  });

  it('loses nothing and finds nothing twice, whatever fails and whenever the process ends', () => {
    const message = fc.constantFrom('m1', 'm2', 'm3');
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ kind: fc.constant('commit' as const), messages: fc.array(message) }),
      },
      fc.record({
        kind: fc.constantFrom('early' as const, 'late' as const),
        messages: fc.array(message, { minLength: 1 }),
      }),
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constant('keep' as const), messages: fc.array(message) }),
      },
      fc.record({ kind: fc.constant('reopen' as const), messages: fc.constant([]) }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 150 }), fc.array(step, { maxLength: 40 }), (foldAt, steps) => {
        const store = createDirectStore(foldAt);
        const stored: NewEvent[] = [];
        for (const { kind, messages } of steps) {
          const entries = messages.map((messageId) => event(messageId));
          if (kind === 'reopen') store.reopen();
          else if (kind === 'keep') for (const _ of messages) store.keep();
          else if (kind === 'commit') {
            expect(store.commit(entries).events).toEqual(entries.map(() => 0));
            stored.push(...entries);
          } else store.fail(entries, kind);
          for (const messageId of ['m1', 'm2', 'm3']) {
            const wanted = stored.filter((entry) => entry.event.messageId === messageId);
            expect(store.search(messageId)).toEqual(wanted.map(({ ownId }) => ownId).toReversed());
          }
        }
        for (const { ownId } of stored) expect(store.find(ownId ?? '', 'acc_1')).toBe(ownId);
        expect(store.commit(stored).events.every((answer) => answer !== 0)).toBe(true);
        store.db.close();
      }),
      { numRuns: 40 },
    );
  });
});
