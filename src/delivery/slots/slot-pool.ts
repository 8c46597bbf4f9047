/** Who shares slots with others: whose webhook it is, and where its endpoint is. */
export interface Sharer {
  readonly accountId: string;
  /** Host and port of the URL. */
  readonly host: string;
}

/** Of whom a pool counts how many slots he holds: an account, or a host. */
export type SharedBy = keyof Sharer;

/** This part of a pool is for those who hold none of it. */
const keptPart = 1 / 8;

/** So many slots, and how many of them each account and each host holds. */
export class SlotPool {
  #most = 0;
  #kept = 0;
  #held = 0;
  readonly #heldBy = { accountId: new Map<string, number>(), host: new Map<string, number>() };

  constructor(most: number) {
    this.limit(most);
  }

  /** More are let in at once, what is too much ends by itself. */
  limit(most: number): void {
    this.#most = most;
    this.#kept = Math.floor(most * keptPart);
  }

  get free(): number {
    return this.#most - this.#held;
  }

  heldBy(by: SharedBy, sharer: Sharer): number {
    return this.#heldBy[by].get(sharer[by]) ?? 0;
  }

  /**
   * Who holds fewer than this may have one more: who holds none, while there is one; else who holds less than `times` what
   * is free for everybody. So n who take all that they get hold times / (1 + n × times) of it each, and the rest stays free.
   */
  allowance(times: number): number {
    return this.free <= 0 ? 0 : Math.max(1, times * (this.free - this.#kept));
  }

  /** How many somebody who holds some may take at once and still be within the allowance; 0 or less: none. */
  room(sharer: Sharer, times: number): number {
    const held = Math.max(this.heldBy('accountId', sharer), this.heldBy('host', sharer));
    return Math.floor((times * (this.free - this.#kept) - held) / (1 + times));
  }

  /** @param slots less than 0: gives them back */
  take(sharer: Sharer, slots: number): void {
    this.#held += slots;
    add(this.#heldBy.accountId, sharer.accountId, slots);
    add(this.#heldBy.host, sharer.host, slots);
  }
}

function add(counts: Map<string, number>, name: string, slots: number): void {
  const count = (counts.get(name) ?? 0) + slots;
  if (count === 0) counts.delete(name);
  else counts.set(name, count);
}
