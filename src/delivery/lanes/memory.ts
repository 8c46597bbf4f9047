/** Deliveries that were never tried, kept in memory for one webhook; the rest waits in the store. */
export const laneWindow = 5_000;
/** While memory is short every lane may still hold this many. */
export const smallWindow = 32;
/** Deliveries that all lanes together may hold before memory is short: about 75 MB. */
export const memoryBudget = 50_000;

/** What all lanes hold, and what that leaves to each. */
export interface LaneMemory {
  readonly held: number;
  /** Lanes hold so many more deliveries, or fewer. */
  change(by: number): void;
  /** A load is under way that may bring so many; call the answer when it has ended. */
  reserve(count: number): () => void;
  /** How many deliveries one lane may hold now. */
  readonly window: number;
}

export function createLaneMemory(): LaneMemory {
  let held = 0;
  let reserved = 0;
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
      return held + reserved >= memoryBudget ? smallWindow : laneWindow;
    },
  };
}
