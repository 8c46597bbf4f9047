import type { QueuedDelivery } from '../../core/delivery.ts';

/** Characters of a usual delivery report as stored, with room to spare. An inbound message may have 256 Ki. */
export const usualSize = 750;

/** How many usual deliveries one weighs in memory: at least 1. Windows and the budget count these. */
export function weightOf(delivery: QueuedDelivery): number {
  return 1 + Math.floor((delivery.size ?? 0) / usualSize);
}

/** Deliveries that were never tried, kept in memory for one webhook; the rest waits in the store. */
export const laneWindow = 5_000;
/** While memory is short every lane may still hold this many. */
export const smallWindow = 32;
/** Deliveries that all lanes together may hold before memory is short: about 75 MB. */
export const memoryBudget = 50_000;

/** What all lanes hold, by weight, and what that leaves to each. */
export interface LaneMemory {
  readonly held: number;
  /** Lanes hold so much more weight, or less. */
  change(by: number): void;
  /** A load is under way that may bring so many; call the answer when it has ended. */
  reserve(count: number): () => void;
  /** How much one lane may hold now. */
  readonly window: number;
  readonly isShort: boolean;
}

/** @param budget what all lanes may hold before memory is short */
export function createLaneMemory(budget = memoryBudget): LaneMemory {
  let held = 0;
  let reserved = 0;
  const isShort = (): boolean => held + reserved >= budget;
  return {
    get held() {
      return held;
    },
    change(by) {
      held += by;
    },
    reserve(count) {
      reserved += count;
      return () => {
        reserved -= count;
      };
    },
    get window() {
      return isShort() ? smallWindow : laneWindow;
    },
    get isShort() {
      return isShort();
    },
  };
}
