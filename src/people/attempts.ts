import type { Clock } from '../core/clock.ts';

/** How often something may be tried. */
export interface AttemptLimit {
  readonly most: number;
  readonly windowMs: number;
}

/** Counts attempts by a key, such as an address. A window begins with its first attempt. */
export interface Attempts {
  /** Counts one; the milliseconds until the next window where there have been enough, else `null`. */
  take(key: string, limit: AttemptLimit): number | null;
  /** Forgets a key's attempts, since one went well. */
  forgive(key: string): void;
}

interface Window {
  count: number;
  readonly until: number;
}

const mostRemembered = 100_000;
/** Room is made for many at once: looking through all of them takes a millisecond. */
const keptWhenFull = 90_000;

/** Lives in memory: a restart forgives everybody, which takes longer than the windows are. */
export function createAttempts(clock: Pick<Clock, 'now'>): Attempts {
  const windows = new Map<string, Window>();

  /** Forgets windows that are over, and the oldest where too many are open. */
  function makeRoom(now: number): void {
    for (const [key, { until }] of windows) if (until <= now) windows.delete(key);
    if (windows.size < mostRemembered) return;
    for (const key of windows.keys()) {
      if (windows.size <= keptWhenFull) return;
      windows.delete(key);
    }
  }

  return {
    take(key, { most, windowMs }) {
      const now = clock.now();
      const open = windows.get(key);
      if (open && open.until > now) {
        if (open.count >= most) return open.until - now;
        open.count++;
        return null;
      }
      windows.delete(key);
      if (windows.size >= mostRemembered) makeRoom(now);
      windows.set(key, { count: 1, until: now + windowMs });
      return null;
    },
    forgive: (key) => void windows.delete(key),
  };
}
