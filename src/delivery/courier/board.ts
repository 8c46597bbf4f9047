/**
 * Numbers that the main thread and the couriers see at once, in memory that they share: the slots that nobody has, until when
 * they may send, and what each courier is doing.
 */
export interface Board {
  /** Couriers may send for so long from then on ({@link monotonicMs}); without a word: for ever. */
  maySend(since: number, forMs: number): void;
  /** That time is over. */
  isLate(): boolean;
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

/** Slots that nobody has; whether there is an end to sending, and when: goes round at 2^32. */
const [free, hasEnd, end] = [0, 1, 2] as const;
const inCommon = 3;
const places = new Map(figures.map((figure, place) => [figure, inCommon + place]));

/** A clock that all threads have and nobody sets, which goes on while the process is frozen. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}

/** @param slots that nobody has at first */
export function createBoard(couriers: number, slots: number): Board {
  const numbers = new SharedArrayBuffer(
    Int32Array.BYTES_PER_ELEMENT * (inCommon + couriers * figures.length),
  );
  new Int32Array(numbers)[free] = slots;
  return openBoard(numbers);
}

export function openBoard(shared: SharedArrayBuffer): Board {
  const numbers = new Int32Array(shared);
  const couriers = (numbers.length - inCommon) / figures.length;
  const at = (courier: number, figure: Figure): number =>
    courier * figures.length + (places.get(figure) ?? 0);

  return {
    shared,
    maySend(since, forMs) {
      Atomics.store(numbers, end, (since + forMs) | 0);
      Atomics.store(numbers, hasEnd, 1);
    },
    isLate: () =>
      Atomics.load(numbers, hasEnd) === 1 && ((monotonicMs() - Atomics.load(numbers, end)) | 0) >= 0,
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
        const left = Atomics.load(numbers, free);
        const taken = Math.min(left, most);
        if (taken <= 0) return 0;
        if (Atomics.compareExchange(numbers, free, left, left - taken) === left) return taken;
      }
    },
    giveBack: (slots) => void Atomics.add(numbers, free, slots),
  };
}
