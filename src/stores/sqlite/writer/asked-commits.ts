/**
 * How many commits the main thread has asked the writer for. The writer sees it while it does something else, so that what can
 * end at any moment, a piece of cutting or erasing, ends when somebody's commit waits behind it.
 *
 * Calls arrive in their order: with a call that can end early comes how many commits were asked for before it, and if there are
 * others now, they wait.
 */
export interface AskedCommits {
  /** One is about to be asked for. */
  add(): void;
  /** Since the start, as 32 bits. */
  readonly count: number;
}

/** What both threads are given. */
export function createAskedMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
}

export function createAskedCommits(memory: SharedArrayBuffer): AskedCommits {
  const asked = new Int32Array(memory);
  return {
    add: () => void Atomics.add(asked, 0, 1),
    get count() {
      return Atomics.load(asked, 0);
    },
  };
}
