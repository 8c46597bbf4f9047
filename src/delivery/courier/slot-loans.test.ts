import { expect, it } from 'vitest';
import { createBoard } from './board.ts';
import { createSlotLoans, shareSlots } from './slot-loans.ts';

/** Couriers that always send as much as they may, and then less. */
function openCouriers(slots: number, count: number) {
  const { own, lent } = shareSlots(slots, count);
  const board = createBoard(count, lent);
  const block = Math.max(1, Math.ceil(slots / 32));
  const loans = Array.from({ length: count }, () => createSlotLoans(own, block, board));
  const has = loans.map(() => 0);

  return {
    has,
    /** Courier `i` would have so many in flight, and takes what it may. */
    wants(i: number, wanted: number): void {
      for (let turn = 0; turn < 100; turn++) has[i] = Math.min(wanted, loans[i]?.most(has[i] ?? 0) ?? 0);
    },
    all: () => has.reduce((sum, each) => sum + each, 0),
  };
}

it('never lets all couriers together have more in flight than the process may have', () => {
  for (const slots of [1, 2, 3, 7, 100, 2_000]) {
    for (const count of [1, 2, 3, 8].filter((some) => some <= slots)) {
      const couriers = openCouriers(slots, count);
      for (let step = 0; step < 200; step++) {
        couriers.wants((step * 7) % count, (step * 37) % (slots + 2));
        expect(couriers.all(), `${slots} slots, ${count} couriers`).toBeLessThanOrEqual(slots);
      }
      for (let i = 0; i < count; i++) couriers.wants(i, slots);
      expect(couriers.all()).toBe(slots);
    }
  }
});

it('lends what others do not use, and takes it back', () => {
  const couriers = openCouriers(1_000, 2);
  couriers.wants(0, 1_000);
  expect(couriers.has[0]).toBe(750);
  couriers.wants(1, 1_000);
  expect(couriers.has[1]).toBe(250);
  couriers.wants(0, 0);
  couriers.wants(1, 1_000);
  expect(couriers.has[1]).toBe(750);
});

it('gives everything to the only one', () => {
  const couriers = openCouriers(500, 1);
  couriers.wants(0, 1_000);
  expect(couriers.has[0]).toBe(500);
});
