import { describe, expect, it } from 'vitest';
import type { QueuedDelivery } from '../../core/delivery.ts';
import { testDelivery } from '../testing/deliveries.ts';
import { configureLane, openLane } from '../testing/lanes.ts';
import type { Lane } from './lane.ts';
import { laneWindow } from './memory.ts';

const now = 1_000_000;
const batch = { maxItems: 5, maxWaitMs: 1_000 };

/** Tells of `count` deliveries that are accepted at `at`. */
function tell(lane: Lane, count: number, at = now, from = 0): void {
  for (let i = 0; i < count; i++) lane.backlog.tell(testDelivery(from + i, { queuedAt: at }), laneWindow);
}

const names = (deliveries: readonly QueuedDelivery[]) => deliveries.map(({ event }) => event.messageId);

describe('a batch', () => {
  it('waits until it is full', () => {
    const lane = openLane({ batch });
    tell(lane, 4);
    expect([lane.maySend(now), lane.take(now)]).toEqual([false, []]);
    tell(lane, 1, now, 4);
    expect(names(lane.take(now))).toEqual(['m0', 'm1', 'm2', 'm3', 'm4']);
  });

  it('leaves with what there is when its first has waited long enough', () => {
    const lane = openLane({ batch });
    tell(lane, 1);
    tell(lane, 2, now + 900, 1);
    expect(lane.wakeAt(now + 900)).toBe(now + 1_000);
    expect(lane.take(now + 999)).toEqual([]);
    expect(names(lane.take(now + 1_000))).toEqual(['m0', 'm1', 'm2']);
  });

  it('waits no longer when the clock is set back, whatever was accepted before and after', () => {
    const lane = openLane({ batch });
    const earlier = now - 500_000;
    tell(lane, 2);
    expect(lane.wakeAt(earlier)).toBe(earlier + 1_000);
    // Times of acceptance never run back.
    tell(lane, 1, now, 2);
    expect(lane.take(earlier + 999)).toEqual([]);
    expect(names(lane.take(earlier + 1_000))).toEqual(['m0', 'm1', 'm2']);
    tell(lane, 1, now, 3);
    expect(lane.wakeAt(earlier + 2_000)).toBe(earlier + 3_000);
  });

  it('is one request under way, however many it carries', () => {
    const lane = openLane({ batch, maxConcurrency: 1 });
    tell(lane, 12);
    expect(lane.take(now)).toHaveLength(5);
    expect([lane.underWay, lane.take(now)]).toEqual([1, []]);
    lane.underWay--;
    expect(lane.take(now)).toHaveLength(5);
  });

  it('takes one of the rate, however many it carries', () => {
    const lane = openLane({ batch, ratePerSecond: 1 });
    tell(lane, 10);
    expect(lane.take(now)).toHaveLength(5);
    expect([lane.take(now), lane.wakeAt(now)]).toEqual([[], now + 1_000]);
    expect(lane.take(now + 1_000)).toHaveLength(5);
  });

  it('carries no more than the process may have under way', () => {
    const lane = openLane({ batch });
    tell(lane, 5);
    expect(lane.take(now, 2)).toHaveLength(2);
  });

  it('lets what it left behind wait for the next, no longer than its time', () => {
    const lane = openLane({ batch });
    tell(lane, 7);
    expect(lane.take(now)).toHaveLength(5);
    expect([lane.maySend(now), lane.wakeAt(now)]).toEqual([false, now + 1_000]);
    tell(lane, 3, now + 500, 7);
    expect(names(lane.take(now + 500))).toEqual(['m5', 'm6', 'm7', 'm8', 'm9']);
  });

  it('leaves at once when it was loaded from the store and has waited there', () => {
    const lane = openLane({ batch });
    lane.backlog.spilled = true;
    lane.backlog.loadedPending([testDelivery(0, { queuedAt: now - 5_000 })], true);
    expect(names(lane.take(now))).toEqual(['m0']);
  });

  it('does not begin to wait again because one more comes', () => {
    const lane = openLane({ batch });
    for (let i = 0; i < 4; i++) tell(lane, 1, now + i * 300, i);
    expect(lane.wakeAt(now + 900)).toBe(now + 1_000);
  });

  it('gathers what was released in its message’s order like anything new', () => {
    const lane = openLane({ batch });
    lane.backlog.tellReleased(testDelivery(0, { queuedAt: now, ordered: true }));
    expect(lane.take(now + 999)).toEqual([]);
    expect(names(lane.take(now + 1_000))).toEqual(['m0']);
  });

  it('is as large as the changed settings say from then on', () => {
    const lane = openLane({ batch });
    tell(lane, 4);
    configureLane(lane, {
      maxConcurrency: 50,
      ratePerSecond: null,
      batch: { maxItems: 2, maxWaitMs: 1_000 },
    });
    expect([names(lane.take(now)), names(lane.take(now))]).toEqual([
      ['m0', 'm1'],
      ['m2', 'm3'],
    ]);
    tell(lane, 1, now, 4);
    configureLane(lane, { maxConcurrency: 50, ratePerSecond: null, batch: null });
    expect(names(lane.take(now))).toEqual(['m4']);
  });
});

describe('a batch that is tried again', () => {
  const retries = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => testDelivery(from + i, { attempts: 1, queuedAt: now - 5_000 }));

  it('stays together and waits for nothing', () => {
    const lane = openLane({ batch });
    lane.backlog.loadedRetries(retries(0, 3), null);
    expect(names(lane.take(now))).toEqual(['m0', 'm1', 'm2']);
  });

  it('is not mixed with what is new', () => {
    const lane = openLane({ batch });
    tell(lane, 5, now, 100);
    lane.backlog.loadedRetries(retries(0, 3), null);
    expect(names(lane.take(now))).toEqual(['m100', 'm101', 'm102', 'm103', 'm104']);
    expect(names(lane.take(now))).toEqual(['m0', 'm1', 'm2']);
  });

  it('does not make what is new leave before it has gathered', () => {
    const lane = openLane({ batch });
    tell(lane, 1, now, 100);
    lane.backlog.loadedRetries(retries(0, 3), null);
    expect(names(lane.take(now))).toEqual(['m0', 'm1', 'm2']);
    expect([lane.maySend(now), lane.wakeAt(now)]).toEqual([false, now + 1_000]);
  });

  it('does not make what is new wait longer', () => {
    const lane = openLane({ batch });
    tell(lane, 1, now, 100);
    lane.backlog.loadedRetries(retries(0, 3), null);
    lane.take(now + 700);
    expect(names(lane.take(now + 1_000))).toEqual(['m100']);
  });
});
