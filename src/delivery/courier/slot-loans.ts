import type { Board } from './board.ts';

/**
 * How many deliveries a courier may have in flight. Half of what the process may have is shared out for good; the rest is
 * lent in blocks to whoever has use for it, so that all together never have more, and one that is busy alone may have half
 * and its own part of the other half.
 */
export interface SlotLoans {
  /** @param held slots that its deliveries in flight hold now */
  most(held: number): number;
}

/** Slots that are each courier's own, and those that are lent. @param slots as many as couriers at least */
export function shareSlots(slots: number, couriers: number): { readonly own: number; readonly lent: number } {
  if (couriers === 1) return { own: slots, lent: 0 };
  const own = Math.max(1, Math.floor(slots / 2 / couriers));
  return { own, lent: slots - own * couriers };
}

/**
 * More is borrowed when this part of what there is is held, long before it is short: what one account may have is a part of
 * what is free (`slots.ts`).
 */
const borrowFrom = 0.25;
const giveBackBelow = 0.1;

export function createSlotLoans(
  own: number,
  block: number,
  board: Pick<Board, 'borrow' | 'giveBack'>,
): SlotLoans {
  let borrowed = 0;

  return {
    most(held) {
      const has = own + borrowed;
      if (held >= has * borrowFrom) borrowed += board.borrow(block);
      else if (borrowed > 0 && held < has * giveBackBelow) {
        const back = Math.min(borrowed, block, has - held);
        borrowed -= back;
        board.giveBack(back);
      }
      return own + borrowed;
    },
  };
}
