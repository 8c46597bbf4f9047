import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../api/deliveries.ts';
import { deliveryOf } from '../../testing/delivery.ts';
import {
  bringIn,
  catchUp,
  type DeliveryList,
  listOf,
  mostRows,
  receive,
  waitingCount,
  withOlder,
} from './delivery-list.ts';

const start = Date.UTC(2026, 10, 22, 10);

/** The `n`th delivery: ids and times rise with it. */
function nth(n: number, changes: Partial<Delivery> = {}): Delivery {
  return deliveryOf({
    id: `dlv_${String(n).padStart(11, '0')}`,
    acceptedAt: new Date(start + n * 1_000).toISOString(),
    ...changes,
  });
}

function numbers(rows: readonly Delivery[]): number[] {
  return rows.map(({ id }) => Number(id.slice(4)));
}

const page = (...ns: number[]) => ({ data: ns.map((n) => nth(n)), nextCursor: null });
const all = { matches: () => true, reading: false };
const whileReading = { matches: () => true, reading: true };

function many(from: number, count: number): Delivery[] {
  return Array.from({ length: count }, (_, offset) => nth(from + offset));
}

describe('deliveries that come', () => {
  it('stand at the top, newest first, while nobody reads', () => {
    const list = receive(listOf(page(2, 1)), [nth(3), nth(4)], all);
    expect(numbers(list.rows)).toEqual([4, 3, 2, 1]);
    expect([...list.fresh]).toEqual([nth(3).id, nth(4).id]);
    expect(list.waiting).toEqual([]);
  });

  it('wait while somebody reads, until they are brought in', () => {
    const list = receive(listOf(page(2, 1)), [nth(3), nth(4)], whileReading);
    expect(numbers(list.rows)).toEqual([2, 1]);
    expect(waitingCount(list)).toBe('2');
    const shown = bringIn(list);
    expect(numbers(shown.rows)).toEqual([4, 3, 2, 1]);
    expect(shown.waiting).toEqual([]);
  });

  it('stay out where the filters do not want them', () => {
    const list = listOf(page(1));
    expect(receive(list, [nth(2)], { ...all, matches: () => false })).toBe(list);
  });

  it('find their place by age when an old one is tried again', () => {
    expect(numbers(receive(listOf(page(9, 5, 1)), [nth(4)], all).rows)).toEqual([9, 5, 4, 1]);
  });

  it('are left to "Load more" where they are older than what is shown', () => {
    const list = listOf({ ...page(9, 5), nextCursor: 'next' });
    expect(receive(list, [nth(4)], all)).toBe(list);
  });
});

describe('a delivery in view', () => {
  it('changes in place, also while somebody reads and where the filters would not want it any more', () => {
    const list = listOf(page(3, 2, 1));
    const now = nth(2, { state: 'failed', attemptCount: 2 });
    const after = receive(list, [now], { matches: () => false, reading: true });
    expect(after.rows[1]).toBe(now);
    expect(after.rows[0]).toBe(list.rows[0]);
  });

  it('changes among those that wait too', () => {
    const list = receive(listOf(page(1)), [nth(2, { state: 'retrying' })], whileReading);
    const after = receive(list, [nth(2, { attemptCount: 2 })], whileReading);
    expect(after.waiting).toEqual([nth(2, { attemptCount: 2 })]);
  });

  it('is not set back by an answer that was on its way for longer', () => {
    const list = listOf({ data: [nth(1, { attemptCount: 3 })], nextCursor: null });
    expect(receive(list, [nth(1, { attemptCount: 2, state: 'retrying' })], all)).toBe(list);
  });

  it('takes the last of several changes', () => {
    const changes = [nth(1, { attemptCount: 2, state: 'retrying' }), nth(1, { attemptCount: 3 })];
    expect(receive(listOf(page(1)), changes, all).rows).toEqual([nth(1, { attemptCount: 3 })]);
  });
});

describe('the bounds of a list', () => {
  it('let the oldest leave, and find them again by their time', () => {
    const list = receive(listOf(page(1)), many(2, mostRows + 4), all);
    expect(list.rows).toHaveLength(mostRows);
    const last = list.rows.at(-1);
    expect(numbers(list.rows).at(-1)).toBe(6);
    expect(list.older).toEqual({
      cursor: null,
      before: new Date(Date.parse(last?.acceptedAt ?? '') + 1).toISOString(),
    });
    const more = withOlder(list, page(6, 5, 4));
    expect(numbers(more.rows).slice(-3)).toEqual([6, 5, 4]);
    expect(more.older).toBeNull();
  });

  it('go on below the time that rows left at, page by page', () => {
    const list = receive(listOf(page(1)), many(2, mostRows + 4), all);
    const more = withOlder(list, { ...page(5), nextCursor: 'next' });
    expect(more.older).toEqual({ cursor: 'next', before: list.older?.before });
  });

  it('keep no more waiting ones than there are rows; then only a fresh page shows them all', () => {
    const list = receive(listOf(page(1)), many(2, mostRows + 1), whileReading);
    expect(list.waiting).toHaveLength(mostRows);
    expect(list.behind).toBe(true);
    expect(waitingCount(list)).toBe('1,000+');
  });
});

describe('after the stream was away', () => {
  const shown: DeliveryList = listOf({ ...page(3, 2, 1), nextCursor: null });

  it('what was missed comes in where the newest page reaches what is known', () => {
    const list = catchUp(shown, { ...page(5, 4, 3), nextCursor: 'x' }, false);
    expect(numbers(list.rows)).toEqual([5, 4, 3, 2, 1]);
  });

  it('the newest page takes the place of all where it does not', () => {
    const list = catchUp(shown, { ...page(99, 98), nextCursor: 'x' }, false);
    expect(numbers(list.rows)).toEqual([99, 98]);
    expect(list.older).toEqual({ cursor: 'x', before: null });
  });

  it('nothing moves while somebody reads, but the list says that it is behind', () => {
    const list = catchUp(shown, { ...page(99, 98), nextCursor: 'x' }, true);
    expect(numbers(list.rows)).toEqual([3, 2, 1]);
    expect(list.behind).toBe(true);
    expect(waitingCount(list)).toBe('2+');
  });

  it('the first ones of an empty list come in', () => {
    expect(numbers(catchUp(listOf(page()), page(2, 1), false).rows)).toEqual([2, 1]);
  });
});
