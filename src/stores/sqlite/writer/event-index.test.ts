import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newEvent, unique } from '../../conformance/samples.ts';
import type { NewEvent } from '../../ports/delivery-log.ts';
import { createDirectStore, type DirectStore } from '../testing/direct-store.ts';
import { createEventIndex } from './event-index.ts';

function count(store: DirectStore, table: string): number {
  return Number(store.db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n);
}

function event(messageId: string, id = unique('own')): NewEvent {
  return newEvent(['wh_1'], { messageId }, id);
}

/** Commits one event after the other until there is a state to look at. */
function until(store: DirectStore, messageId: string, reached: () => boolean): string[] {
  const ids: string[] = [];
  while (!reached()) {
    const entry = event(messageId);
    store.commit([entry]);
    ids.push(entry.ownId ?? '');
  }
  return ids;
}

describe('the event index', () => {
  it('finds everything before, during and after a fold, also when the process ends in the middle of it', () => {
    const store = createDirectStore(100);
    const ids: string[] = [];
    const check = (): void => {
      expect(store.search('m')).toEqual(ids.toReversed());
      for (const id of ids) {
        expect(store.find(id, 'acc_1')).toBe(id);
        expect(store.commit([event('m', id)]).events[0]).not.toBe(0);
      }
    };
    ids.push(...until(store, 'm', () => count(store, 'index_tail') === 10));
    check();
    ids.push(...until(store, 'm', () => count(store, 'event_identities') > 0));
    expect(count(store, 'search_runs')).toBe(0);
    check();
    store.reopen();
    expect(count(store, 'search_buckets')).toBe(0);
    check();
    ids.push(...until(store, 'm', () => count(store, 'search_runs') === 1));
    check();
    ids.push(...until(store, 'm', () => count(store, 'search_runs') === 3));
    store.reopen();
    check();
  });

  it('keeps nothing of a transaction that failed', () => {
    const db = createDirectStore(100).db;
    const index = createEventIndex(db);
    const tail = () => Number(db.prepare('SELECT count(*) AS n FROM index_tail').get()?.n);
    index.add(1, 10, [5, 10]);
    expect(index.findRecent(1)).toEqual([10]);
    index.rollback();
    expect(index.findRecent(1)).toEqual([]);
    index.write();
    index.commit();
    expect([tail(), index.findRecent(1)]).toEqual([0, []]);
    index.add(2, 20, [6, 20]);
    index.write();
    index.commit();
    expect([tail(), index.findRecent(1), index.findRecent(2)]).toEqual([1, [], [20]]);
  });

  it('forgets the tail that it has folded', () => {
    const store = createDirectStore(50);
    until(store, 'm', () => count(store, 'search_runs') === 5);
    expect(count(store, 'index_tail')).toBeLessThan(20);
  });

  it('starts the next fold at its beginning when the commit after the last one fails', () => {
    const store = createDirectStore(40);
    const ids: string[] = [];
    const commit = (events: number): void => {
      const entries = Array.from({ length: events }, () => event(unique('message')));
      store.commit(entries);
      ids.push(...entries.map(({ ownId }) => ownId ?? ''));
    };
    // The first starts a fold, the second does a part of it, the third ends it and starts the next.
    for (const events of [8, 1, 8]) commit(events);
    expect(count(store, 'search_runs')).toBe(1);
    store.fail([event('m')], 'early');
    commit(20);
    expect(count(store, 'search_runs')).toBe(2);
    store.reopen();
    for (const id of ids) expect(store.find(id, 'acc_1')).toBe(id);
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
      fc.record({ kind: fc.constant('reopen' as const), messages: fc.constant([]) }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 150 }), fc.array(step, { maxLength: 40 }), (foldAt, steps) => {
        const store = createDirectStore(foldAt);
        const stored: NewEvent[] = [];
        for (const { kind, messages } of steps) {
          const entries = messages.map((messageId) => event(messageId));
          if (kind === 'reopen') store.reopen();
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
