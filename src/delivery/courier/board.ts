/**
 * Numbers that the main thread and the couriers see at once, in memory that they share: the slots that nobody has, and what
 * each courier is doing.
 */
export interface Board {
  /** What a courier writes of itself. */
  write(courier: number, figure: Figure, value: number): void;
  /** The sum over all couriers. */
  sum(figure: Figure): number;
  /** Takes up to so many of the slots that nobody has. */
  borrow(most: number): number;
  giveBack(slots: number): void;
  /** What another thread needs to see the same. */
  readonly shared: SharedArrayBuffer;
}

const figures = [
  'inFlight',
  'mostInFlight',
  'lanes',
  'inMemory',
  'openBreakers',
  'disabledLanes',
  /** Deliveries that the store has told of; goes round at 2^32. */
  'taken',
] as const;
export type Figure = (typeof figures)[number];

const places = new Map(figures.map((figure, place) => [figure, 1 + place]));

/** @param free slots that nobody has at first */
export function createBoard(couriers: number, free: number): Board {
  const shared = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * (1 + couriers * figures.length));
  new Int32Array(shared)[0] = free;
  return openBoard(shared);
}

export function openBoard(shared: SharedArrayBuffer): Board {
  const numbers = new Int32Array(shared);
  const couriers = (numbers.length - 1) / figures.length;
  const at = (courier: number, figure: Figure): number =>
    courier * figures.length + (places.get(figure) ?? 0);

  return {
    shared,
    write: (courier, figure, value) => void Atomics.store(numbers, at(courier, figure), value),
    sum(figure) {
      let sum = 0;
      for (let courier = 0; courier < couriers; courier++) {
        sum += Atomics.load(numbers, at(courier, figure));
      }
      return sum;
    },
    borrow(most) {
      for (;;) {
        const free = Atomics.load(numbers, 0);
        const taken = Math.min(free, most);
        if (taken <= 0) return 0;
        if (Atomics.compareExchange(numbers, 0, free, free - taken) === free) return taken;
      }
    },
    giveBack: (slots) => void Atomics.add(numbers, 0, slots),
  };
}
