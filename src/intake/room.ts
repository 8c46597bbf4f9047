/** What a call of one account costs while it waits for its commits. */
export interface Cost {
  /** An event that no webhook gets counts as one. */
  readonly deliveries: number;
  /** Of its events as JSON. */
  readonly characters: number;
}

/** Why a call is not taken: whose room is full, and how much there is of it. */
export interface Refusal {
  readonly of: 'account' | 'gateway';
  readonly what: keyof Cost;
  readonly most: number;
}

/**
 * Room for what waits to be written, in the two things that it costs, by account and in all:
 *
 * ```text
 * 0            1/64              1/4                        3/4            all
 * ├─ of an account ──────────────┤                          │              │
 * ├─ in all: any account ───────────────────────────────────┤              │
 * └─ in all: accounts that have next to nothing waiting ───────────────────┘
 * ```
 * So a few accounts that send without end do not take the room of those that send now and then. A call is taken while there
 * is room, however large it is: it is written in small shares, and one body is bounded already. In all, an account counts
 * for its own room at most.
 */
export interface IntakeRoom {
  /**
   * Takes room for an account's events of a call.
   * @returns gives it back, or says why there is none; then nothing was taken
   */
  enter(accountId: string, cost: Cost): (() => void) | Refusal;
  /** Why not even the least would be taken now; `null`: it might. */
  full(accountId: string): Refusal | null;
  /** What counts of all that waits. */
  readonly taken: Cost;
}

const partOfAccount = 1 / 4;
const partOfAny = 3 / 4;
const partOfLittle = 1 / 64;
const kinds = ['deliveries', 'characters'] as const;

export function createIntakeRoom(all: Cost): IntakeRoom {
  const waiting = new Map<string, Cost>();
  let taken: Cost = { deliveries: 0, characters: 0 };

  /** What counts of an account's costs in all: what is above its room goes by turns, as the rest does. */
  function counted(cost: Cost): Cost {
    return {
      deliveries: Math.min(cost.deliveries, all.deliveries * partOfAccount),
      characters: Math.min(cost.characters, all.characters * partOfAccount),
    };
  }

  function set(accountId: string, cost: Cost): void {
    const before = waiting.get(accountId);
    if (before) taken = minus(taken, counted(before));
    if (cost.deliveries === 0 && cost.characters === 0) waiting.delete(accountId);
    else waiting.set(accountId, cost);
    taken = plus(taken, counted(cost));
  }

  function refuse(before: Cost, cost: Cost): Refusal | null {
    let isLittle = true;
    for (const what of kinds) {
      const most = Math.floor(all[what] * partOfAccount);
      if (before[what] > 0 && before[what] >= most) return { of: 'account', what, most };
      isLittle &&= before[what] + cost[what] <= all[what] * partOfLittle;
    }
    const part = isLittle ? 1 : partOfAny;
    const full = kinds.find((what) => taken[what] > 0 && taken[what] >= all[what] * part);
    return full ? { of: 'gateway', what: full, most: all[full] } : null;
  }

  return {
    get taken() {
      return taken;
    },
    full: (accountId) => refuse(waiting.get(accountId) ?? nothing, nothing),
    enter(accountId, cost) {
      const before = waiting.get(accountId) ?? nothing;
      const refusal = refuse(before, cost);
      if (refusal) return refusal;
      set(accountId, plus(before, cost));
      return () => set(accountId, minus(waiting.get(accountId) ?? cost, cost));
    },
  };
}

const nothing: Cost = { deliveries: 0, characters: 0 };

function plus(a: Cost, b: Cost): Cost {
  return { deliveries: a.deliveries + b.deliveries, characters: a.characters + b.characters };
}

function minus(a: Cost, b: Cost): Cost {
  return { deliveries: a.deliveries - b.deliveries, characters: a.characters - b.characters };
}
