import { createPause } from './pause.ts';

/** Pauses that double while one trouble follows another. Instants are ms since the Unix epoch. */
export interface Backoff {
  /** Trouble: nothing before its pause is over. What goes wrong during a pause was begun before it and changes nothing. */
  trouble(now: number): void;
  /** Something that was begun at `startedAt` worked; after the last trouble, that makes the next pause the shortest. */
  worked(startedAt: number): void;
  /** When the pause is over; some instant of the past when there is none. */
  endsAt(now: number): number;
}

export function createBackoff(firstMs: number, longestMs: number): Backoff {
  const pause = createPause();
  let row = 0;
  let lastAt = Number.NEGATIVE_INFINITY;

  return {
    trouble(now) {
      if (pause.endsAt(now) > now) return;
      pause.extend(now, now + Math.min(firstMs * 2 ** row, longestMs));
      row++;
      lastAt = now;
    },
    worked(startedAt) {
      if (startedAt > lastAt) row = 0;
    },
    endsAt: pause.endsAt,
  };
}
