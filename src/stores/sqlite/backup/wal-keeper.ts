import { setTimeout as pause } from 'node:timers/promises';
import type { WalFollower } from './wal-follower.ts';

/** Keeps the write-ahead log short while a copy is made, whatever the copy waits for. */
export interface WalKeeper {
  /** @throws what it failed with */
  check(): void;
  /** Ends its work and lets the file stand still, until the follower is closed. */
  freeze(): Promise<void>;
  stop(): Promise<void>;
  readonly longestLockMs: number;
  readonly largestWalBytes: number;
}

const everyMs = 25;
/** The log is made to begin again at its start when it has this. SQLite keeps a file of twice that anyway (pragmas.ts). */
const beginsAgainAtBytes = 32 * 1024 * 1024;

export function keepWalShort(follower: WalFollower): WalKeeper {
  let isStopped = false;
  let failure: unknown = null;
  let longestLockMs = 0;
  let largestWalBytes = 0;

  async function freeze(): Promise<void> {
    longestLockMs = Math.max(longestLockMs, await follower.freeze());
  }

  async function run(): Promise<void> {
    while (!isStopped) {
      const bytes = follower.advance();
      largestWalBytes = Math.max(largestWalBytes, bytes);
      // The next writer begins the log again, since nobody needs what is in it.
      if (bytes > beginsAgainAtBytes) await freeze();
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
    async freeze() {
      await stop();
      check();
      await freeze();
    },
    get longestLockMs() {
      return longestLockMs;
    },
    get largestWalBytes() {
      return largestWalBytes;
    },
  };
}
