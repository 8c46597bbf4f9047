import { Backoff } from './backoff.ts';

/**
 * How many deliveries may be in flight: all that are allowed, or fewer for a while after the machine had no descriptor or
 * no memory for one more.
 *
 * ```text
 * max ──▸ (short) half of what is in flight, and nothing starts for 100 ms … 5 s ──▸ a 60th of max more each second ──▸ max
 * ```
 * Instants are ms since the Unix epoch.
 */
export interface Ceiling {
  at(now: number): number;
  /** Before this nothing starts; some instant of the past when it may. */
  startsAt(now: number): number;
  /** When to look again although nothing happens; `null`: no need. */
  changesAt(now: number): number | null;
  /** A request did not leave, while so many were in flight. */
  short(inFlight: number, now: number): void;
  /** One that was begun at `startedAt` left. */
  left(startedAt: number): void;
}

const stepMs = 1_000;
const stepsToMax = 60;

export function createCeiling(max: number): Ceiling {
  const pauses = new Backoff(100, 5_000);
  const step = Math.ceil(max / stepsToMax);
  let floor = max;
  let since = 0;

  function at(now: number): number {
    if (floor >= max) return max;
    // A clock that was set back begins anew there.
    since = Math.min(since, now);
    const risen = floor + Math.floor((now - since) / stepMs) * step;
    if (risen >= max) floor = max;
    return Math.min(risen, max);
  }

  return {
    at,
    startsAt: (now) => pauses.endsAt(now),
    changesAt(now) {
      const paused = pauses.endsAt(now);
      if (paused > now) return paused;
      return at(now) >= max ? null : since + (Math.floor((now - since) / stepMs) + 1) * stepMs;
    },
    short(inFlight, now) {
      if (pauses.endsAt(now) > now) return;
      pauses.trouble(now);
      floor = Math.max(1, Math.floor(Math.min(at(now), inFlight) / 2));
      since = now;
    },
    left: (startedAt) => pauses.worked(startedAt),
  };
}
