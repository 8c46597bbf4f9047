import { Fifo } from './fifo.ts';

/** Work of a thread that others share, in slices, so that whoever calls meanwhile waits for one slice at most. */
export interface Slices {
  /** Does it at once, or, where more than a slice has gathered, behind what was added before. */
  add(work: () => void): void;
  /** The same for work that resolves a promise: what waits for that runs before anything that was added later. */
  addResolving(work: () => void): void;
  /** What was added and is not done. */
  readonly waiting: number;
  /** Does all that waits, at once. */
  finish(): void;
}

/** How long a slice takes, in real milliseconds. */
const sliceMs = 2;

export function createSlices(): Slices {
  const queue = new Fifo<{ readonly work: () => void; readonly resolves: boolean }>();
  /** What comes until then, in this turn of the event loop, is part of its slice. */
  let endsAt = 0;
  let next: NodeJS.Immediate | null = null;
  let running = false;

  function begin(): void {
    endsAt = performance.now() + sliceMs;
    next = setImmediate(slice);
  }

  function run(work: () => void): void {
    running = true;
    try {
      work();
    } finally {
      running = false;
    }
  }

  function slice(): void {
    next = null;
    if (queue.length === 0) return;
    // Before the work: when one throws, the rest is not to blame.
    begin();
    for (let next = queue.shift(); next; next = performance.now() < endsAt ? queue.shift() : undefined) {
      run(next.work);
      if (next.resolves) break;
    }
  }

  function add(work: () => void, resolves: boolean): void {
    if (!next) begin();
    if (queue.length === 0 && !running && performance.now() < endsAt) run(work);
    else queue.push({ work, resolves });
  }

  return {
    add: (work) => add(work, false),
    addResolving: (work) => add(work, true),
    get waiting() {
      return queue.length;
    },
    finish() {
      for (let next = queue.shift(); next; next = queue.shift()) run(next.work);
    },
  };
}
