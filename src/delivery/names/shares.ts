/** Who a look-up is for: an account, or (`null`) the gateway itself. */
export type Asker = string | null;

/** A look-up that waits for its turn. */
export interface WaitingLookUp {
  /** Takes the place; call `leave` when it ends. Called once. */
  begin(leave: () => void): void;
}

/**
 * Look-ups that may be under way at once: so many for an account, so many in all, and a part of these for accounts whose
 * names are answered. Accounts that wait take turns.
 */
export interface Shares {
  /** Begins now, or when there is room. */
  ask(asker: Asker, turn: WaitingLookUp): void;
  /** It is not wanted any more. */
  withdraw(asker: Asker, turn: WaitingLookUp): void;
  /** A name of this account was not answered. */
  failed(asker: Asker): void;
  /** Of an account. */
  waiting(asker: Asker): number;
}

export interface SharesOptions {
  readonly perAccount: number;
  readonly inAll: number;
  /** Of all, what accounts are kept out of whose names were not answered lately. */
  readonly reserve: number;
  readonly now: () => number;
}

/** An account whose names were not answered is one whose names are not answered for so long. */
const doubtMs = 60_000;

export function createShares({ perAccount, inAll, reserve, now }: SharesOptions): Shares {
  const queues = new Map<Asker, Set<WaitingLookUp>>();
  const underWay = new Map<Asker, number>();
  const failedAt = new Map<Asker, number>();
  let all = 0;

  function isDoubtful(asker: Asker): boolean {
    const at = failedAt.get(asker);
    if (at === undefined) return false;
    const sinceMs = now() - at;
    if (sinceMs >= 0 && sinceMs < doubtMs) return true;
    failedAt.delete(asker);
    return false;
  }

  function hasRoom(asker: Asker): boolean {
    const most = isDoubtful(asker) ? inAll - reserve : inAll;
    return all < most && (underWay.get(asker) ?? 0) < perAccount;
  }

  function begin(asker: Asker, turn: WaitingLookUp): void {
    all++;
    underWay.set(asker, (underWay.get(asker) ?? 0) + 1);
    let hasLeft = false;
    turn.begin(() => {
      if (hasLeft) return;
      hasLeft = true;
      all--;
      const left = (underWay.get(asker) ?? 1) - 1;
      if (left > 0) underWay.set(asker, left);
      else underWay.delete(asker);
      giveTurns();
    });
  }

  function giveTurns(): void {
    for (let began = true; began; ) {
      began = false;
      for (const [asker, queue] of [...queues]) {
        if (all >= inAll) return;
        const [turn] = queue;
        if (!turn || !hasRoom(asker)) continue;
        // The account goes to the end of the line.
        queues.delete(asker);
        queue.delete(turn);
        if (queue.size > 0) queues.set(asker, queue);
        began = true;
        begin(asker, turn);
      }
    }
  }

  return {
    ask(asker, turn) {
      if (!queues.has(asker) && hasRoom(asker)) {
        begin(asker, turn);
        return;
      }
      const queue = queues.get(asker) ?? new Set();
      queue.add(turn);
      queues.set(asker, queue);
    },
    withdraw(asker, turn) {
      const queue = queues.get(asker);
      if (queue?.delete(turn) && queue.size === 0) queues.delete(asker);
    },
    failed(asker) {
      failedAt.delete(asker);
      failedAt.set(asker, now());
      if (failedAt.size > 10_000) {
        const [oldest] = failedAt.keys();
        if (oldest !== undefined) failedAt.delete(oldest);
      }
    },
    waiting: (asker) => queues.get(asker)?.size ?? 0,
  };
}
