import type { Clock, Timer } from '../core/clock.ts';

/** A clock that a test moves by hand. */
export interface ManualClock extends Clock {
  /** Moves forward, firing due timers in their order; code that they wake runs when the test next awaits. */
  advance(byMs: number): void;
  /**
   * Moves forward as for a machine that slept: what came due meanwhile fires at the end. For days, of which `advance`
   * would fire every second's timers.
   */
  skip(byMs: number): void;
  /** Sets it forward or back, as a person sets a machine's clock: timers do not notice. */
  set(byMs: number): void;
  /** Timers that are set and have not fired. */
  readonly waiting: number;
  /** When the next timer fires; `null` when none is set. */
  readonly nextAt: number | null;
}

export function createManualClock(startAt = Date.UTC(2026, 10, 22, 10, 0, 0)): ManualClock {
  let now = startAt;
  /** How far it was set. */
  let setBy = 0;
  let order = 0;
  const timers = new Map<number, { at: number; fire: () => void }>();

  function nextDue(until: number): [number, { at: number; fire: () => void }] | undefined {
    let next: [number, { at: number; fire: () => void }] | undefined;
    for (const entry of timers) if (entry[1].at <= until && (!next || entry[1].at < next[1].at)) next = entry;
    return next;
  }

  return {
    now: () => now,
    elapsed: () => now - setBy,
    setTimer(fire, delayMs): Timer {
      const key = order++;
      timers.set(key, { at: now + Math.max(delayMs, 0), fire });
      return { cancel: () => void timers.delete(key) };
    },
    advance(byMs) {
      const until = now + byMs;
      for (let due = nextDue(until); due; due = nextDue(until)) {
        timers.delete(due[0]);
        now = Math.max(now, due[1].at);
        due[1].fire();
      }
      now = until;
    },
    skip(byMs) {
      now += byMs;
      this.advance(0);
    },
    set(byMs) {
      now += byMs;
      setBy += byMs;
      for (const timer of timers.values()) timer.at += byMs;
    },
    get waiting() {
      return timers.size;
    },
    get nextAt() {
      return nextDue(Number.POSITIVE_INFINITY)?.[1].at ?? null;
    },
  };
}
