import type { Clock, Timer } from '../core/clock.ts';

/** Takes parts apart, but not for ever. */
export interface BoundedClose {
  /** Resolves when all are closed, or when time is up: `false`. Called again it gives the same answer. */
  close(parts: AsyncDisposable, withinMs: number): Promise<boolean>;
  /** No close takes longer than this from now on, one that is under way neither. */
  hurry(withinMs: number): void;
}

/** A thread that died, a disk that does not answer or an endpoint that hangs may keep any part from closing. */
export function createBoundedClose(clock: Clock): BoundedClose {
  const late = Promise.withResolvers<false>();
  const timers: Timer[] = [];
  let result: Promise<boolean> | null = null;

  function limit(withinMs: number): void {
    timers.push(clock.setTimer(() => late.resolve(false), withinMs));
  }

  async function closeAll(parts: AsyncDisposable): Promise<boolean> {
    const closed = Promise.resolve(parts[Symbol.asyncDispose]()).then(() => true as const);
    try {
      return await Promise.race([closed, late.promise]);
    } finally {
      for (const timer of timers) timer.cancel();
    }
  }

  return {
    close(parts, withinMs) {
      if (!result) {
        limit(withinMs);
        result = closeAll(parts);
      }
      return result;
    },
    hurry: limit,
  };
}
