import { setTimeout as pause } from 'node:timers/promises';
import type { WalFollower } from './wal-follower.ts';

/** Keeps the write-ahead log short while a copy is made, whatever the copy waits for. */
export interface WalKeeper {
  /** @throws what it failed with */
  check(): void;
  /** Ends its work; `check` then tells whether that went well. */
  stop(): Promise<void>;
  /** The most that was seen in the log. */
  readonly largestWalBytes: number;
}

const everyMs = 25;
/** The log is made to begin again at its start when it has this. SQLite keeps a file of 64 MiB anyway (pragmas.ts). */
const beginsAgainAtBytes = 48 * 1024 * 1024;

export function keepWalShort(follower: WalFollower): WalKeeper {
  let isStopped = false;
  let failure: unknown = null;
  let largestWalBytes = 0;

  async function run(): Promise<void> {
    while (!isStopped) {
      const bytes = follower.advance();
      largestWalBytes = Math.max(largestWalBytes, bytes);
      // The next writer begins the log again, since nobody needs what is in it.
      if (bytes > beginsAgainAtBytes) await follower.beginAgain();
      await pause(everyMs);
    }
  }

  const running = run().catch((error: unknown) => {
    failure = error;
  });

  function check(): void {
    if (failure !== null) throw failure;
  }

  async function stop(): Promise<void> {
    isStopped = true;
    await running;
  }

  return {
    check,
    stop,
    get largestWalBytes() {
      return largestWalBytes;
    },
  };
}
