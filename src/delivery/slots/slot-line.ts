import { type Numbered, QueuesByLoad } from './queues-by-load.ts';
import type { SharedBy, Sharer, SlotPool } from './slot-pool.ts';

/** A lane that waits for a slot. */
export interface Waiting<T extends Sharer> extends Numbered {
  readonly lane: T;
}

/** Who may have a slot now, and how many its account holds of the pool that the line is ordered by. */
export interface Turn<T extends Sharer> {
  readonly waiting: Waiting<T>;
  readonly held: number;
}

/** Of two lines' turns. */
export function isBefore(a: Turn<Sharer>, b: Turn<Sharer>): boolean {
  return a.held === b.held ? a.waiting.number < b.waiting.number : a.held < b.held;
}

/** Who is held to his share of a pool, and the lanes that wait because of it. */
interface Share<T extends Sharer> {
  readonly pool: SlotPool;
  readonly by: SharedBy;
  readonly queues: QueuesByLoad<Waiting<T>>;
}

/**
 * Lanes that wait for a slot of all of some pools. Of the first pool the account that holds fewest is first, and within it
 * who has waited longest.
 *
 * ```text
 * add ──▸ with those of its account ──▸ first of the account that holds fewest ──▸ next
 *              ▲                                      │ its host holds too many, or its account of another pool
 *              └──────── may have more ◂── set aside ◂┘
 * ```
 */
export class SlotLine<T extends Sharer> {
  readonly #times: number;
  readonly #order: Share<T>;
  readonly #asides: readonly Share<T>[];
  readonly #shares: readonly Share<T>[];
  #length = 0;

  /** @param times an account or a host gets one more while it holds less than so many times what is free */
  constructor(pools: readonly [SlotPool, ...SlotPool[]], times: number) {
    const share = (pool: SlotPool, by: SharedBy): Share<T> => ({ pool, by, queues: new QueuesByLoad() });
    const [first, ...others] = pools;
    this.#times = times;
    this.#order = share(first, 'accountId');
    this.#asides = [
      share(first, 'host'),
      ...others.flatMap((pool) => [share(pool, 'accountId'), share(pool, 'host')]),
    ];
    this.#shares = [this.#order, ...this.#asides];
  }

  add(waiting: Waiting<T>): void {
    put(this.#order, waiting);
    this.#length++;
  }

  delete(waiting: Waiting<T>): void {
    for (const { queues, by } of this.#shares) {
      if (!queues.delete(waiting.lane[by], waiting)) continue;
      this.#length--;
      return;
    }
  }

  /** An account and a host hold more or fewer slots. */
  changed(sharer: Sharer): void {
    if (this.#length === 0) return;
    // Most shares have nobody waiting: looked at first, since this is done for every delivery.
    for (const { pool, by, queues } of this.#shares)
      if (queues.has(sharer[by])) queues.loaded(sharer[by], pool.heldBy(by, sharer));
  }

  /** Whose turn it is; it stays in line. */
  next(): Turn<T> | undefined {
    this.#letBack();
    do {
      for (let head = this.#least(this.#order); head; head = this.#least(this.#order)) {
        const { lane } = head;
        const full = this.#asides.find(
          ({ pool, by }) => pool.heldBy(by, lane) >= pool.allowance(this.#times),
        );
        if (!full) return { waiting: head, held: this.#order.pool.heldBy('accountId', lane) };
        this.#order.queues.delete(lane.accountId, head);
        put(full, head);
      }
    } while (this.#letBack());
    return undefined;
  }

  #least({ pool, queues }: Share<T>): Waiting<T> | undefined {
    return queues.least(pool.allowance(this.#times));
  }

  /** Lets back one of each kind that was set aside and need not be any more; says whether there was one. */
  #letBack(): boolean {
    let found = false;
    for (const aside of this.#asides) {
      const waiting = this.#least(aside);
      if (!waiting) continue;
      aside.queues.delete(waiting.lane[aside.by], waiting);
      put(this.#order, waiting);
      found = true;
    }
    return found;
  }
}

function put<T extends Sharer>({ pool, by, queues }: Share<T>, waiting: Waiting<T>): void {
  queues.add(waiting.lane[by], pool.heldBy(by, waiting.lane), waiting);
}
