import type { QueuedDelivery } from '../../core/delivery.ts';
import { Fifo } from '../../core/fifo.ts';
import type { WebhookSettings } from '../../core/webhook.ts';
import type { QueuePlace } from '../../stores/ports/delivery-log.ts';
import { type LaneMemory, smallWindow, weightOf } from './memory.ts';

/** While both wait, every so many-th request is a retry, so that fresh traffic cannot hold retries off for ever. */
const retryEvery = 10;

/** What the deliveries of a request are chosen by. */
export interface Taking {
  readonly batch: WebhookSettings['batch'];
  /** The endpoint is well, so that what has failed before may have its turn before what is new. */
  readonly isWell: boolean;
  /** How many deliveries the process may have under way besides. */
  readonly room: number;
  /** Whether one more fits into the list. */
  fits(delivery: QueuedDelivery): boolean;
}

/**
 * What waits for one webhook: a bounded part of it in memory, the rest in the store.
 *
 * ```text
 * told ──▸ pending (memory, in order of acceptance) ──▸ take ──▸ under way ──▸ answered
 *   └─ full: spilled ──▸ (store) ──▸ loaded ──┘  ▲
 *                        (store) ──▸ retries due ┘
 * ```
 * Once it has spilled it ignores what it is told until it has loaded everything, or order would be lost.
 */
export class Backlog {
  readonly pending = new Fifo<QueuedDelivery>();
  readonly retries = new Fifo<QueuedDelivery>();
  /** Never-tried ones that are in memory: queued, under way, or answered and not yet recorded. */
  readonly heldPending = new Set<string>();
  /** Retries that are in memory: queued, under way, or answered and not yet recorded. A load may bring them again. */
  readonly heldRetries = new Set<string>();
  /** Those of them that somebody has asked to be sent again since they were loaded. */
  readonly #replayed = new Set<string>();
  /** The store holds pending deliveries that memory does not. */
  spilled = false;
  /** There is more than a load brings that is under way: it may have looked before that came. */
  #hasMore = false;
  /** Where in the store's queue memory ends, where all come in one order. */
  lastPlace: QueuePlace | null = null;
  loadingPending = false;
  loadingRetries = false;
  /** When the earliest retry in the store is due. */
  nextRetryAt: number | null = null;
  readonly #accountId: string;
  readonly #memory: LaneMemory;
  #weight = 0;
  #sinceRetry = 0;
  /** Since when the deliveries for the next batch wait. */
  #gatheringSince: number | null = null;

  constructor(accountId: string, memory: LaneMemory) {
    this.#accountId = accountId;
    this.#memory = memory;
  }

  get inMemory(): number {
    return this.pending.length + this.retries.length;
  }

  /** What it holds in memory, in usual deliveries. */
  get weight(): number {
    return this.#weight;
  }

  /**
   * Takes a new delivery into memory, or leaves it in the store.
   *
   * @param window how much it may hold, in usual deliveries
   */
  tell(delivery: QueuedDelivery, window: number): void {
    if (this.spilled || this.heldPending.has(delivery.id)) return;
    // A large one is loaded when there is room again.
    const isTooLarge = window <= smallWindow && weightOf(delivery) > window;
    if (this.#weight >= window || isTooLarge) {
      this.spilled = true;
      return;
    }
    this.#gatheringSince ??= delivery.queuedAt;
    this.#holdPending(delivery);
    this.lastPlace = delivery;
  }

  /** Something waits in the store that it is not told of. */
  tellOfMore(): void {
    this.spilled = true;
    this.#hasMore = this.loadingPending;
  }

  /** Takes an ordered delivery whose turn has come. In the store it lies among the retries. */
  tellReleased(delivery: QueuedDelivery): void {
    if (this.heldRetries.has(delivery.id)) return;
    this.heldRetries.add(delivery.id);
    this.#gatheringSince ??= delivery.queuedAt;
    this.#hold(this.pending, delivery);
  }

  /** What a load of pending deliveries brought. @param isAll the store holds no more */
  loadedPending(deliveries: readonly QueuedDelivery[], isAll: boolean): void {
    this.loadingPending = false;
    for (const delivery of deliveries) {
      if (!this.heldPending.has(delivery.id)) this.#holdPending(delivery);
    }
    this.lastPlace = deliveries.at(-1) ?? this.lastPlace;
    this.spilled = !isAll || this.#hasMore;
    this.#hasMore = false;
    this.#gatheringSince ??= deliveries[0]?.queuedAt ?? null;
  }

  loadedRetries(due: readonly QueuedDelivery[], nextRetryAt: number | null): void {
    this.loadingRetries = false;
    this.nextRetryAt = earlier(this.nextRetryAt, nextRetryAt);
    for (const delivery of due) {
      if (this.heldRetries.has(delivery.id)) continue;
      this.heldRetries.add(delivery.id);
      this.#hold(this.retries, delivery);
    }
  }

  /** Somebody has asked for this one to be sent again. What memory holds of it says otherwise. */
  tellReplayed(id: string): void {
    if (this.heldRetries.has(id)) this.#replayed.add(id);
  }

  /**
   * What became of a delivery is on disk, so that a load brings it only if it is to be sent again. True when somebody
   * asked for it while it was under way: what was recorded then has replaced that.
   */
  recorded(id: string): boolean {
    this.heldPending.delete(id);
    this.heldRetries.delete(id);
    return this.#replayed.delete(id);
  }

  /** Takes away what is over at the heads of the queues: it needs neither rate, breaker nor rest to end. */
  takeWhile(isOver: (delivery: QueuedDelivery) => boolean): QueuedDelivery[] {
    const over: QueuedDelivery[] = [];
    for (const queue of [this.pending, this.retries]) {
      for (let head = queue.peek(); head; head = queue.peek()) {
        if (this.#replayed.has(head.id) || !isOver(head)) break;
        queue.shift();
        this.#weigh(-weightOf(head));
        over.push(head);
      }
    }
    if (over.length > 0) this.#gatheringSince = this.pending.peek()?.queuedAt ?? null;
    return over;
  }

  /**
   * Leaves all but the first few pending deliveries in the store. Loads go on behind the last one that stays; those that
   * waited for their turn (ordered) lie among the retries.
   */
  shrink(now: number): void {
    const staying = this.pending.cut(0);
    const gone = staying.splice(fewOf(staying));
    const place = staying.findLast(({ id }) => !this.heldRetries.has(id));
    if (!place) staying.push(...gone.splice(0));
    for (const delivery of staying) this.pending.push(delivery);
    for (const delivery of gone) {
      this.#weigh(-weightOf(delivery));
      if (this.heldRetries.delete(delivery.id)) this.retryAt(now);
      else this.#leavePending(delivery);
    }
    if (this.spilled && place) this.lastPlace = place;
  }

  /** Leaves everything in the store, from where it is loaded from the first on: so nothing of it may be in flight. */
  leaveAll(now: number): void {
    for (const delivery of [...this.pending.cut(0), ...this.retries.cut(0)]) {
      this.#replayed.delete(delivery.id);
      if (this.heldRetries.delete(delivery.id)) this.retryAt(now);
      else this.#leavePending(delivery);
    }
    this.#weigh(-this.#weight);
    this.lastPlace = null;
    this.#gatheringSince = null;
  }

  /**
   * Takes back what {@link Backlog.take} gave and did not leave. What was never tried goes to its place in the order of
   * acceptance: `lastPlace` and {@link Backlog.shrink} count on that order.
   */
  giveBack(deliveries: readonly QueuedDelivery[]): void {
    for (const delivery of deliveries.toReversed()) {
      this.#weigh(weightOf(delivery));
      if (this.heldRetries.has(delivery.id)) this.retries.putBack(delivery, () => true);
      else {
        const isBehind = (other: QueuedDelivery): boolean =>
          !this.heldRetries.has(other.id) && isBefore(delivery, other);
        this.pending.putBack(delivery, isBehind);
      }
    }
    this.#gatheringSince = this.pending.peek()?.queuedAt ?? null;
  }

  /** Lets go of these; gives how many it had. What was asked for again of them is not any more. */
  drop(ids: ReadonlySet<string>): number {
    let dropped = 0;
    for (const queue of [this.pending, this.retries]) {
      for (const delivery of queue.cut(0)) {
        if (!ids.has(delivery.id)) {
          queue.push(delivery);
          continue;
        }
        this.heldPending.delete(delivery.id);
        this.heldRetries.delete(delivery.id);
        this.#weigh(-weightOf(delivery));
        dropped++;
      }
    }
    for (const id of ids) this.#replayed.delete(id);
    if (dropped > 0) this.#gatheringSince = this.pending.peek()?.queuedAt ?? null;
    return dropped;
  }

  /** Lets go of everything. */
  clear(): void {
    this.pending.clear();
    this.retries.clear();
    this.#weigh(-this.#weight);
  }

  #holdPending(delivery: QueuedDelivery): void {
    this.heldPending.add(delivery.id);
    this.#hold(this.pending, delivery);
  }

  #leavePending({ id }: QueuedDelivery): void {
    this.heldPending.delete(id);
    this.spilled = true;
  }

  #hold(queue: Fifo<QueuedDelivery>, delivery: QueuedDelivery): void {
    this.#weigh(weightOf(delivery));
    queue.push(delivery);
  }

  #weigh(more: number): void {
    this.#weight += more;
    this.#memory.change(more, this.#accountId);
  }

  /** A retry is in the store, due then. */
  retryAt(dueAt: number): void {
    this.nextRetryAt = earlier(this.nextRetryAt, dueAt);
  }

  /** @param window how much it may hold, in usual deliveries */
  wantsPending(window: number): boolean {
    return this.spilled && !this.loadingPending && this.#weight < window / 4;
  }

  wantsRetries(now: number): boolean {
    const isDue = this.nextRetryAt !== null && this.nextRetryAt <= now;
    return isDue && !this.loadingRetries && this.retries.length === 0;
  }

  /** It holds more than it needs where nothing is sent for now. */
  get holdsMuch(): boolean {
    return !this.loadingPending && this.pending.length > 1 && this.#weight > smallWindow;
  }

  /** When to look for retries in the store; `null`: when nothing more is known. */
  get retriesAt(): number | null {
    return this.loadingRetries || this.retries.length > 0 ? null : this.nextRetryAt;
  }

  /** When the next batch may leave: at once when it is tried again. */
  gatheredAt(batch: WebhookSettings['batch'], now: number): number {
    return this.retries.length > 0 ? 0 : this.#pendingGatheredAt(batch, now);
  }

  /** When the next batch of what is new may leave: at once when it is full, else when it has waited long enough. */
  #pendingGatheredAt(batch: WebhookSettings['batch'], now: number): number {
    // What memory cannot take waits in the store, so there is enough, whether or not a batch is full.
    if (!batch || this.spilled || this.pending.length >= batch.maxItems) return 0;
    if (this.#gatheringSince === null) return 0;
    // What was accepted before the clock was set back waits from now on.
    this.#gatheringSince = Math.min(this.#gatheringSince, now);
    return this.#gatheringSince + batch.maxWaitMs;
  }

  /**
   * The deliveries of the next request: one, or with `batch` as many as there are and fit. First attempts go before
   * retries, and a batch is of one kind, so that a batch which is tried again stays what it was.
   *
   * What was refused in a list goes in as small ones as it says, with those of its kind.
   */
  take(now: number, { batch, isWell, room, fits }: Taking): QueuedDelivery[] {
    const mayBeNew = this.pending.length > 0 && this.#pendingGatheredAt(batch, now) <= now;
    // A probe is a first attempt if it can be: what has failed before may fail by its own fault.
    const retryTurn = this.retries.length > 0 && this.#sinceRetry >= retryEvery && isWell;
    const source = retryTurn || !mayBeNew ? this.retries : this.pending;
    this.#sinceRetry = source === this.pending ? this.#sinceRetry + 1 : 0;
    const listMost = source.peek()?.listMost ?? null;
    const most = Math.min(batch?.maxItems ?? 1, room, listMost ?? Number.POSITIVE_INFINITY);
    const taken: QueuedDelivery[] = [];
    for (let next = source.peek(); next; next = taken.length < most ? source.peek() : undefined) {
      if ((next.listMost ?? null) !== listMost || !fits(next)) break;
      source.shift();
      taken.push(this.#replayed.delete(next.id) ? { ...next, manual: true, attemptsSinceReplay: 0 } : next);
    }
    for (const delivery of taken) this.#weigh(-weightOf(delivery));
    this.#gatheringSince = this.pending.peek()?.queuedAt ?? null;
    return taken;
  }
}

/** How many of the first make a small window, at least one. */
function fewOf(deliveries: readonly QueuedDelivery[]): number {
  let weight = 0;
  const place = deliveries.findIndex((delivery) => {
    weight += weightOf(delivery);
    return weight > smallWindow;
  });
  return place < 0 ? deliveries.length : Math.max(1, place);
}

function isBefore(a: QueuePlace, b: QueuePlace): boolean {
  return a.queuedAt === b.queuedAt ? a.id < b.id : a.queuedAt < b.queuedAt;
}

/** Of two instants, or none. */
export function earlier(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null ? a : Math.min(a, b);
}
