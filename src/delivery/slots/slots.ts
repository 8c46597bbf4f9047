import { isBefore, SlotLine, type Turn, type Waiting } from './slot-line.ts';
import { type Sharer, SlotPool } from './slot-pool.ts';

/** What slots need to know of a lane. */
export interface SlotTaker extends Sharer {
  /** Its deliveries that are sent or being sent, and not yet recorded. */
  inFlight: number;
}

/** Slots that the deliveries of one request hold. */
export interface HeldSlots {
  /** What became of one of the deliveries is on disk, or it did not leave; `size` as when it was taken. */
  free(size: number | undefined): void;
}

/**
 * The slots for deliveries in flight, and who gets the next one.
 *
 * ```text
 * ready ──▸ in line ──▸ proved, or the unproved hold less than half
 *                        ──▸ nothing of the lane in flight: its account and its host each hold < 8 × what is free
 *                            some of it in flight: they hold < 2 × what is free
 *                             ──▸ of these, the account that holds fewest, and in it who waits longest
 * ```
 * An endpoint that takes seconds keeps what it gets, one that takes milliseconds gives it back at once; so whoever takes
 * all that he gets must find that it becomes less. Endpoints that have not answered lately, as all that hang, leave
 * half to those that have; and an eighth of everything is for accounts and hosts that hold nothing.
 *
 * A delivery holds a slot, a large one as many as are its share of {@link mostCharacters}: so what is in flight is bounded
 * in bytes, and a few large messages to endpoints that hang weigh on their account as many small ones do. The last request
 * that is let in may be larger than what is free.
 */
export interface Slots<T extends SlotTaker> {
  /** Deliveries of all lanes in flight. */
  readonly inFlight: number;
  /** Slots that they hold: more, where some are large. */
  readonly held: number;
  /** A lane that could send gets in line, or to its place in line if what is known of it changed. */
  ready(lane: T, isProved: boolean): void;
  /** It is in line. */
  has(lane: T): boolean;
  /** Who may send now; it leaves the line. */
  next(): T | undefined;
  /** Leaves the line, if it is in it: before its host changes, or when it is gone. */
  leave(lane: T): void;
  /** How many deliveries may be in the next request of a lane whose turn it is; at least 1. */
  room(lane: T): number;
  /** @param sizes characters of each delivery */
  take(lane: T, sizes: readonly (number | undefined)[]): HeldSlots;
  /** Changes how many slots there are; more are let in at once, what is too much ends by itself. */
  limit(most: number): void;
}

/** Where a lane waits; in no line while it does not. */
interface Place<T extends SlotTaker> {
  line: SlotLine<T> | null;
  waiting: Waiting<T>;
}

/**
 * What unproved lanes may hold together. With two thirds of 2,000, what hung left 10 fast webhooks room for some 400 deliveries in
 * flight of the 700 that they have until these are on disk, and they kept 0.85 of their rate.
 */
const unprovedPart = 1 / 2;
/** For the first delivery of a lane its account and its host may hold so many times what is free; for more, so many. */
const timesForFirst = 8;
const timesForMore = 2;
/** What all deliveries in flight may have as stored; in memory, with the request made of it, it is about twice as many bytes. */
export const mostCharacters = 32 * 1024 * 1024;
/** A delivery report of any kind is one slot, however many slots there are. */
const fewestCharacters = 2_048;

/** @param onTake hears how many deliveries are in flight with those that are about to be sent */
export function createSlots<T extends SlotTaker>(
  initialMost: number,
  onTake: (inFlight: number) => void = () => {},
): Slots<T> {
  const charactersOfSlot = Math.max(fewestCharacters, mostCharacters / initialMost);
  const all = new SlotPool(initialMost);
  const unproved = new SlotPool(Math.ceil(initialMost * unprovedPart));
  const lines = { proved: createLines([all]), unproved: createLines([unproved, all]) };
  const everyLine = [...Object.values(lines.proved), ...Object.values(lines.unproved)];
  /**
   * Who is in line, and in which. Whoever sends stays here, in none: a Map keeps what is deleted in the chain of its hash until it
   * is built anew, so that a lane that came and went found its place in 0.7 µs while 2,500 others waited.
   */
  const places = new Map<T, Place<T>>();
  /** Lanes that were not proved when they got in line. */
  const unprovedLanes = new WeakSet<T>();
  let most = initialMost;
  let inFlight = 0;
  let lastNumber = 0;

  function createLines(pools: readonly [SlotPool, ...SlotPool[]]) {
    return { first: new SlotLine<T>(pools, timesForFirst), more: new SlotLine<T>(pools, timesForMore) };
  }

  function put(lane: T): void {
    const kind = unprovedLanes.has(lane) ? lines.unproved : lines.proved;
    const line = lane.inFlight === 0 ? kind.first : kind.more;
    let place = places.get(lane);
    if (!place) {
      place = { line: null, waiting: { lane, number: 0 } };
      places.set(lane, place);
    }
    if (place.line === line) return;
    if (place.line) place.line.delete(place.waiting);
    else place.waiting = { lane, number: lastNumber++ };
    line.add(place.waiting);
    place.line = line;
  }

  function leaveLine(place: Place<T> | undefined): void {
    place?.line?.delete(place.waiting);
    if (place) place.line = null;
  }

  function has(lane: T): boolean {
    return (places.get(lane)?.line ?? null) !== null;
  }

  function hold(sharer: Sharer, isUnproved: boolean, slots: number): void {
    all.take(sharer, slots);
    if (isUnproved) unproved.take(sharer, slots);
    for (const line of everyLine) line.changed(sharer);
  }

  const slotsOf = (size = 0): number => Math.max(1, Math.ceil(size / charactersOfSlot));

  return {
    get inFlight() {
      return inFlight;
    },
    get held() {
      return most - all.free;
    },
    ready(lane, isProved) {
      if (isProved) unprovedLanes.delete(lane);
      else unprovedLanes.add(lane);
      put(lane);
    },
    has,
    next() {
      if (all.free <= 0) return undefined;
      let first: Turn<T> | undefined;
      for (const line of everyLine) {
        const turn = line.next();
        if (turn && (!first || isBefore(turn, first))) first = turn;
      }
      const lane = first?.waiting.lane;
      if (lane) leaveLine(places.get(lane));
      return lane;
    },
    leave(lane) {
      leaveLine(places.get(lane));
      places.delete(lane);
    },
    room(lane) {
      const ofAll = all.room(lane, timesForMore);
      const room = unprovedLanes.has(lane) ? Math.min(ofAll, unproved.room(lane, timesForMore)) : ofAll;
      return Math.max(1, room);
    },
    take(lane, sizes) {
      const isUnproved = unprovedLanes.has(lane);
      // Its URL may be changed while it is in flight.
      const sharer = { accountId: lane.accountId, host: lane.host };
      const slots = sizes.reduce<number>((sum, size) => sum + slotsOf(size), 0);
      inFlight += sizes.length;
      onTake(inFlight);
      lane.inFlight += sizes.length;
      hold(sharer, isUnproved, slots);
      return {
        free(size) {
          inFlight--;
          lane.inFlight--;
          hold(sharer, isUnproved, -slotsOf(size));
          if (lane.inFlight === 0 && has(lane)) put(lane);
        },
      };
    },
    limit(next) {
      if (next === most) return;
      most = next;
      all.limit(most);
      unproved.limit(Math.ceil(most * unprovedPart));
    },
  };
}
