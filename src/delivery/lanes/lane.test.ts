import { describe, expect, it } from 'vitest';
import { testDelivery } from '../testing/deliveries.ts';
import { configureLane, openLane } from '../testing/lanes.ts';
import type { Lane } from './lane.ts';
import { laneWindow, smallWindow, usualSize } from './memory.ts';

const now = 1_000_000;

const open = openLane;

/** Takes up to `count`, each answered at once. */
function take(lane: Lane, count: number, at = now): (string | undefined)[] {
  return Array.from({ length: count }, () => {
    const [delivery] = lane.take(at);
    if (delivery) lane.underWay--;
    return delivery?.event.messageId;
  });
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => testDelivery(from + i));
const names = (from: number, to: number) => range(from, to).map(({ event }) => event.messageId);

describe('a lane', () => {
  it('gives what it was told in the order of acceptance', () => {
    const lane = open();
    for (const delivery of range(0, 5)) lane.backlog.tell(delivery, laneWindow);
    expect(take(lane, 6)).toEqual([...names(0, 5), undefined]);
  });

  it('gives no more at once than the limit', () => {
    const lane = open({ maxConcurrency: 2 });
    for (const delivery of range(0, 5)) lane.backlog.tell(delivery, laneWindow);
    expect(
      [lane.take(now), lane.take(now), lane.take(now)].map(([delivery]) => delivery?.event.messageId),
    ).toEqual(['m0', 'm1', undefined]);
    expect(lane.maySend(now)).toBe(false);
    lane.underWay--;
    expect(lane.take(now)[0]?.event.messageId).toBe('m2');
  });

  it('gives nothing while it is disabled, and keeps everything', () => {
    const lane = open();
    lane.backlog.tell(testDelivery(0), laneWindow);
    lane.enabled = false;
    expect(lane.take(now)).toEqual([]);
    expect(lane.wakeAt(now)).toBeNull();
    lane.enabled = true;
    expect(take(lane, 1)).toEqual(['m0']);
  });

  it('gives nothing until a rest is over', () => {
    const lane = open();
    lane.backlog.tell(testDelivery(0), laneWindow);
    lane.rest.extend(now, now + 10_000);
    expect(take(lane, 1, now + 9_999)).toEqual([undefined]);
    expect(lane.wakeAt(now)).toBe(now + 10_000);
    expect(take(lane, 1, now + 10_000)).toEqual(['m0']);
  });

  it('does not rest for longer when the clock is set back', () => {
    const lane = open();
    lane.backlog.tell(testDelivery(0), laneWindow);
    lane.rest.extend(now, now + 10_000);
    const earlier = now - 500_000;
    expect(lane.wakeAt(earlier)).toBe(earlier + 10_000);
    expect(take(lane, 1, earlier + 10_000)).toEqual(['m0']);
  });

  it('takes a changed rate and a changed limit at once', () => {
    const lane = open();
    for (const delivery of range(0, 20)) lane.backlog.tell(delivery, laneWindow);
    configureLane(lane, { maxConcurrency: 1, ratePerSecond: 10, batch: null });
    expect(take(lane, 2)).toEqual(['m0', undefined]);
    expect(lane.wakeAt(now)).toBe(now + 100);
    expect(take(lane, 1, now + 100)).toEqual(['m1']);
  });
});

describe('a lane that is full', () => {
  it('leaves the rest in the store until that has come over, and asks for it in time', () => {
    const lane = open();
    for (const delivery of range(0, laneWindow + 10)) lane.backlog.tell(delivery, laneWindow);
    expect([lane.backlog.inMemory, lane.backlog.spilled, lane.wantsPending(laneWindow)]).toEqual([
      laneWindow,
      true,
      false,
    ]);
    const left = laneWindow / 4 - 1;
    expect(take(lane, laneWindow - left)).toEqual(names(0, laneWindow - left));
    expect(lane.wantsPending(laneWindow)).toBe(true);
    lane.backlog.loadingPending = true;
    expect(lane.wantsPending(laneWindow)).toBe(false);
    lane.backlog.tell(testDelivery(laneWindow + 10), laneWindow);
    expect(lane.backlog.lastPlace?.id).toBe(testDelivery(laneWindow - 1).id);
    lane.backlog.loadedPending(range(laneWindow, laneWindow + 11), true);
    lane.backlog.tell(testDelivery(laneWindow + 11), laneWindow);
    expect(take(lane, left + 12)).toEqual(names(laneWindow - left, laneWindow + 12));
  });

  it('goes on loading while loads come back full', () => {
    const lane = open();
    lane.backlog.spilled = true;
    lane.backlog.loadedPending(range(0, 3), false);
    expect(lane.wantsPending(laneWindow)).toBe(true);
    lane.backlog.loadedPending([], true);
    expect([lane.backlog.spilled, lane.backlog.lastPlace?.id]).toEqual([false, testDelivery(2).id]);
  });

  it('is full sooner while memory is short', () => {
    const lane = open();
    for (const delivery of range(0, 100)) lane.backlog.tell(delivery, smallWindow);
    expect([lane.backlog.inMemory, lane.backlog.spilled]).toEqual([smallWindow, true]);
  });
});

describe('large deliveries', () => {
  const large = (n: number) => testDelivery(n, { size: usualSize * 100 });

  it('fill the window by their size, and leave it when they are taken', () => {
    const lane = open();
    for (let n = 0; n < 10; n++) lane.backlog.tell(large(n), 300);
    expect([lane.backlog.inMemory, lane.backlog.weight, lane.backlog.spilled]).toEqual([3, 303, true]);
    expect(take(lane, 3)).toEqual(names(0, 3));
    expect(lane.backlog.weight).toBe(0);
  });

  it('wait in the store while memory is short, and small ones need not', () => {
    const lane = open();
    lane.backlog.tell(testDelivery(0), smallWindow);
    lane.backlog.tell(large(1), smallWindow);
    expect([lane.backlog.inMemory, lane.backlog.spilled]).toEqual([1, true]);
  });

  it('are given back but for the first by a lane that sends nothing', () => {
    const lane = open();
    for (let n = 0; n < 5; n++) lane.backlog.tell(large(n), laneWindow);
    lane.enabled = false;
    expect(lane.isIdleWithMuch).toBe(true);
    lane.backlog.shrink(now);
    expect([lane.backlog.inMemory, lane.backlog.spilled, lane.isIdleWithMuch]).toEqual([1, true, false]);
    expect(lane.backlog.lastPlace?.id).toBe(large(0).id);
  });

  it('are given back altogether by a lane that is disabled, and come again in their order when it is enabled', () => {
    const lane = open();
    for (let n = 0; n < 3; n++) lane.backlog.tell(large(n), laneWindow);
    lane.backlog.loadedRetries([large(100)], null);
    lane.enabled = false;
    lane.inFlight = 1;
    lane.giveMemoryBack(now);
    expect(lane.backlog.inMemory).toBe(2);
    lane.inFlight = 0;
    lane.giveMemoryBack(now);
    expect([lane.backlog.inMemory, lane.backlog.weight, lane.backlog.lastPlace]).toEqual([0, 0, null]);
    lane.enabled = true;
    expect([lane.wantsPending(laneWindow), lane.wantsRetries(now)]).toEqual([true, true]);
    lane.backlog.loadedPending([large(0), large(1), large(2)], false);
    lane.backlog.loadedRetries([large(100)], null);
    expect(take(lane, 5)).toEqual([...names(0, 3), 'm100', undefined]);
  });
});

describe('retries of a lane', () => {
  it('come after first attempts, but get their turns', () => {
    const lane = open();
    for (const delivery of range(0, 30)) lane.backlog.tell(delivery, laneWindow);
    lane.backlog.loadedRetries(range(100, 103), null);
    const order = take(lane, 34);
    expect(order.filter((name) => name !== undefined)).toHaveLength(33);
    expect(order.slice(0, 10)).toEqual(names(0, 10));
    expect(order.flatMap((name, i) => (Number(name?.slice(1)) >= 100 ? [i] : []))).toEqual([10, 21, 32]);
  });

  it('are not doubled by a load that brings them again while they are held', () => {
    const lane = open();
    const retry = testDelivery(0, { attempts: 1 });
    lane.backlog.loadedRetries([retry], null);
    lane.backlog.loadedRetries([retry], null);
    expect(lane.backlog.inMemory).toBe(1);
    lane.take(now);
    lane.backlog.loadedRetries([retry], null);
    expect(lane.backlog.inMemory).toBe(0);
    lane.backlog.recorded(retry.id);
    lane.backlog.loadedRetries([retry], null);
    expect(lane.backlog.inMemory).toBe(1);
  });

  it('are manual and begin anew when somebody asks for them while they wait in memory', () => {
    const lane = open();
    lane.backlog.loadedRetries(
      [testDelivery(0, { attempts: 3, attemptsSinceReplay: 3 }), testDelivery(1)],
      null,
    );
    lane.backlog.tellReplayed(testDelivery(0).id);
    lane.backlog.tellReplayed(testDelivery(2).id);
    expect(lane.take(now)[0]).toMatchObject({ attempts: 3, attemptsSinceReplay: 0, manual: true });
    expect(lane.take(now)[0]).toMatchObject({ manual: false });
  });

  it('are wanted when the earliest is due, once at a time', () => {
    const lane = open();
    expect(lane.wantsRetries(now)).toBe(false);
    lane.backlog.retryAt(now + 500);
    lane.backlog.retryAt(now + 300);
    lane.backlog.retryAt(now + 900);
    expect([lane.wakeAt(now), lane.wantsRetries(now + 299), lane.wantsRetries(now + 300)]).toEqual([
      now + 300,
      false,
      true,
    ]);
    lane.backlog.loadingRetries = true;
    lane.backlog.nextRetryAt = null;
    lane.backlog.retryAt(now + 200);
    expect([lane.wantsRetries(now + 300), lane.wakeAt(now)]).toEqual([false, null]);
    lane.backlog.loadedRetries([testDelivery(0)], now + 900);
    expect(lane.backlog.nextRetryAt).toBe(now + 200);
    expect(lane.wantsRetries(now + 300)).toBe(false);
    take(lane, 1);
    expect(lane.wantsRetries(now + 300)).toBe(true);
  });

  it('wake a lane that could send but for the rate when the earlier of both is due', () => {
    const lane = open({ ratePerSecond: 1 });
    for (const delivery of range(0, 2)) lane.backlog.tell(delivery, laneWindow);
    take(lane, 1);
    lane.backlog.retryAt(now + 5_000);
    expect(lane.wakeAt(now)).toBe(now + 1_000);
    lane.backlog.retryAt(now + 300);
    expect(lane.wakeAt(now)).toBe(now + 300);
  });
});
