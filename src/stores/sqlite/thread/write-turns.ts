/**
 * The writer's and the desk's turns at the one lock that SQLite has for writing.
 *
 * SQLite lets who waits for it look again every 25 to 100 ms, and a busy writer leaves it free for a moment between two
 * commits: whether the desk gets it is luck, and after 10 s it fails. Here both draw numbers, so that who waits is next: the
 * desk behind the commit under way, the writer behind one statement of the desk. Another process beside the gateway
 * (`hookwire keys`) waits as SQLite has it.
 */
export interface WriteTurns {
  /** Runs `write` when it is this thread's turn; blocks the thread until then. */
  run<T>(write: () => T): T;
}

/** What both threads are given. */
export function createTurnsMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
}

const nextNumber = 0;
const nowServing = 1;

/** @param memory of the store's threads; `null`: there is only one */
export function createWriteTurns(memory: SharedArrayBuffer | null): WriteTurns {
  if (!memory) return { run: (write) => write() };
  const numbers = new Int32Array(memory);
  return {
    run(write) {
      const mine = Atomics.add(numbers, nextNumber, 1);
      for (;;) {
        const serving = Atomics.load(numbers, nowServing);
        if (serving === mine) break;
        Atomics.wait(numbers, nowServing, serving);
      }
      try {
        return write();
      } finally {
        Atomics.add(numbers, nowServing, 1);
        Atomics.notify(numbers, nowServing);
      }
    },
  };
}
