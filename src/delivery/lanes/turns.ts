import { Fifo } from '../../core/fifo.ts';

/** What turns need to know of a lane. */
export interface TurnTaker {
  /** Its deliveries that are sent or being sent, and not yet recorded. */
  inFlight: number;
}

/** Up to this part of what may be in flight, whoever is ready takes what it can use. */
const freePart = 0.75;
/** Beyond this part the rest is for lanes that have nothing in flight. */
const sharedPart = 0.9;

/**
 * Lanes that could send take turns, while the process may have more in flight.
 *
 * ```text
 *            little in flight                          much in flight
 * ready ──▸ first in line, first served    ready ──▸ has less than its share? ── yes ──▸ served
 *   ▲                                                         │ no
 *   └── one of its own has landed, or there is room again ◂── set aside
 * ```
 * Turns alone are not enough: an endpoint that takes seconds keeps what it gets, one that takes milliseconds gives it
 * back at once, so 40 slow ones soon held all, and a fast one got a few requests a second.
 */
export interface Turns<T extends TurnTaker> {
  /** Deliveries of all lanes in flight. */
  readonly inFlight: number;
  /** How many more may be. */
  readonly room: number;
  /** A lane that could send gets in line. */
  add(lane: T): void;
  /** Who may send now; it leaves the line. */
  next(): T | undefined;
  took(lane: T, count: number): void;
  landed(lane: T): void;
  /** Changes how many may be in flight; more are let in at once, what is too much ends by itself. */
  limit(most: number): void;
}

export function createTurns<T extends TurnTaker>(initialMax: number): Turns<T> {
  const ready = new Fifo<T>();
  const aside = new Set<T>();
  let maxInFlight = initialMax;
  let free = Math.ceil(maxInFlight * freePart);
  let shared = Math.ceil(maxInFlight * sharedPart);
  let inFlight = 0;
  let busyLanes = 0;

  function mayHaveMore(lane: T): boolean {
    if (inFlight < free || lane.inFlight === 0) return true;
    return inFlight < shared && lane.inFlight < Math.floor(maxInFlight / busyLanes);
  }

  function back(lane: T): void {
    aside.delete(lane);
    ready.push(lane);
  }

  function letBack(): void {
    for (const waiting of aside) {
      if (inFlight + ready.length >= free) break;
      back(waiting);
    }
  }

  return {
    get inFlight() {
      return inFlight;
    },
    get room() {
      return maxInFlight - inFlight;
    },
    add(lane) {
      ready.push(lane);
    },
    next() {
      while (inFlight < maxInFlight) {
        const lane = ready.shift();
        if (!lane || mayHaveMore(lane)) return lane;
        aside.add(lane);
      }
      return undefined;
    },
    took(lane, count) {
      if (lane.inFlight === 0 && count > 0) busyLanes++;
      lane.inFlight += count;
      inFlight += count;
    },
    landed(lane) {
      inFlight--;
      lane.inFlight--;
      if (lane.inFlight === 0) busyLanes--;
      if (aside.size === 0) return;
      if (aside.has(lane) && mayHaveMore(lane)) back(lane);
      letBack();
    },
    limit(most) {
      if (most === maxInFlight) return;
      maxInFlight = most;
      free = Math.ceil(most * freePart);
      shared = Math.ceil(most * sharedPart);
      letBack();
    },
  };
}
