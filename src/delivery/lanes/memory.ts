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

/** Beyond so many budgets, only an account that holds nothing loads more for endpoints that have not answered lately. */
export const fullBudgets = 1.5;
/** Beyond so many no account does: about 150 MB. */
export const mostBudgets = 2;

/** What all lanes hold, by weight, and what that leaves to each. */
export interface LaneMemory {
  readonly held: number;
  /** Lanes of an account hold so much more weight, or less. */
  change(by: number, accountId: string): void;
  /** A load is under way that may bring so many; call the answer when it has ended. */
  reserve(count: number): () => void;
  /** How much one lane may hold now. */
  readonly window: number;
  readonly isShort: boolean;
  /** So much is held that an account may load nothing more, unless it is for an endpoint that answers. */
  isFullFor(accountId: string): boolean;
}

/** @param budget what all lanes may hold before memory is short */
export function createLaneMemory(budget = memoryBudget): LaneMemory {
  let held = 0;
  const ofAccount = new Map<string, number>();
  let reserved = 0;
  const isShort = (): boolean => held + reserved >= budget;
  return {
    get held() {
      return held;
    },
    change(by, accountId) {
      held += by;
      const own = (ofAccount.get(accountId) ?? 0) + by;
      if (own === 0) ofAccount.delete(accountId);
      else ofAccount.set(accountId, own);
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
    isFullFor: (accountId) =>
      held + reserved >= budget * (ofAccount.has(accountId) ? fullBudgets : mostBudgets),
  };
}
