import { describe, expect, it } from 'vitest';
import type { DeliveryLog } from '../stores/ports/delivery-log.ts';
import { createLaneMemory, fullBudgets, memoryBudget, mostBudgets, usualSize } from './lanes/memory.ts';
import { mostPending, type Reloading, reload } from './reload.ts';
import { testDelivery } from './testing/deliveries.ts';
import { openLane } from './testing/lanes.ts';

function open() {
  const memory = createLaneMemory();
  const asked = { pending: [] as unknown[][], retries: [] as number[] };
  const state = { fails: false };
  const log: Pick<DeliveryLog, 'loadPending' | 'loadRetries'> = {
    async loadPending(...question) {
      asked.pending.push(question);
      if (state.fails) throw new Error('The disk refuses.');
      return [];
    },
    async loadRetries(_webhookId, _now, limit) {
      asked.retries.push(limit);
      return { due: [], nextRetryAt: null };
    },
  };
  const reloading: Reloading = {
    deliveryLog: log,
    memory,
    lanes: { isCurrent: () => true },
    tryAgain() {},
    refresh() {},
  };
  return { memory, asked, state, reloading };
}

/** A lane whose deliveries are in the store. */
function spilledLane() {
  const lane = openLane();
  lane.backlog.spilled = true;
  return lane;
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('loads that are under way', () => {
  it.each([false, true])(
    'count as what they may bring, and no more when they have ended (fails: %s)',
    async (fails) => {
      const { memory, state, reloading } = open();
      state.fails = fails;
      for (let held = 0; held < memoryBudget; held += mostPending) {
        expect(memory.isShort).toBe(false);
        reload(spilledLane(), 0, reloading);
      }
      expect(memory.isShort).toBe(true);
      await settled();
      expect(memory.isShort).toBe(false);
    },
  );

  it('ask for as many characters as that many usual deliveries have', () => {
    const { asked, reloading } = open();
    const lane = spilledLane();
    reload(lane, 0, reloading);
    const { backlog } = lane;
    expect(asked.pending).toEqual([['wh_1', backlog, mostPending, mostPending * usualSize]]);
  });
});

describe('due retries', () => {
  function dueLane(held = 0) {
    const lane = openLane();
    lane.backlog.retryAt(0);
    for (let i = 0; i < held; i++) lane.backlog.heldRetries.add(testDelivery(i).id);
    return lane;
  }

  it('are asked for beyond those that memory holds already', () => {
    const { asked, reloading } = open();
    reload(dueLane(), 1, reloading);
    reload(dueLane(100), 1, reloading);
    expect(asked.retries).toEqual([100, 200]);
  });

  it('are few while memory is short', () => {
    const { memory, asked, reloading } = open();
    memory.change(memoryBudget, 'acc_other');
    reload(dueLane(), 1, reloading);
    reload(dueLane(3), 1, reloading);
    expect(asked.retries).toEqual([4, 7]);
  });
});

describe('while memory is full', () => {
  /** Full, by what accounts hold that are not the lane's. */
  function openFull(budgets: number, ofOwn = 0) {
    const { memory, asked, reloading } = open();
    const lane = openLane({}, memory);
    lane.backlog.spilled = true;
    memory.change(memoryBudget * budgets - ofOwn, 'acc_other');
    memory.change(ofOwn, lane.accountId);
    return { lane, asked, again: () => reload(lane, 0, reloading) };
  }

  it('a lane that may not answer comes again after a second, where its account holds something or none may hold more', () => {
    for (const { lane, asked, again } of [openFull(fullBudgets, 1), openFull(mostBudgets)]) {
      expect([again(), asked.pending]).toEqual([1_000, []]);
      lane.backlog.retryAt(0);
      expect([again(), asked.retries]).toEqual([1_000, []]);
    }
  });

  it('an account that holds nothing loads', () => {
    const { asked, again } = openFull(fullBudgets);
    expect([again(), asked.pending.length]).toEqual([null, 1]);
  });

  it('a lane whose endpoint answers loads', () => {
    const { lane, asked, again } = openFull(mostBudgets, 1);
    lane.health.ended('normal', { sign: 'well', isRetry: false }, 0);
    expect([again(), asked.pending.length]).toEqual([null, 1]);
  });
});
