/**
 * How much of the store's threads erasing gets: a quarter of one while nothing else comes. While events do, it looks for shorter,
 * and rests the longer behind a piece the more others wait for it.
 */
export interface ErasingPace {
  /** How long a look through events may be now, ms. */
  lookMs(): number;
  /** How long to rest behind a piece that took so long, ms. */
  restAfter(kind: PieceKind, tookMs: number): number;
}

/**
 * - `look`: what only reads.
 * - `write`: a transaction, which ends soon when somebody's commit waits.
 * - `alone`: commits wait for it to its end, some ms, since nobody may write meanwhile.
 */
export type PieceKind = 'look' | 'write' | 'alone';

interface Share {
  readonly lookMs: number;
  /** For each ms of work so many of rest. */
  readonly rests: Readonly<Record<PieceKind, number>>;
  readonly longestRestMs: number;
}

const alone: Share = { lookMs: 250, rests: { look: 3, write: 3, alone: 3 }, longestRestMs: 300 };
/** A look takes a core, of which there may be two: during one of 250 ms others have the other one. */
const besideOthers: Share = { lookMs: 10, rests: { look: 6, write: 15, alone: 60 }, longestRestMs: 1_000 };
const shortestRestMs = 2;
/** For so long after an event the next is expected. */
const busyMs = 250;

/**
 * @param elapsed the time that passes, ms
 * @param handedIn events that were handed in by now, as a count
 */
export function createErasingPace(elapsed: () => number, handedIn: () => number): ErasingPace {
  let seen = handedIn();
  let seenAt = Number.NEGATIVE_INFINITY;

  function share(): Share {
    const count = handedIn();
    if (count !== seen) seenAt = elapsed();
    seen = count;
    return elapsed() - seenAt < busyMs ? besideOthers : alone;
  }

  return {
    lookMs: () => share().lookMs,
    restAfter(kind, tookMs) {
      const { rests, longestRestMs } = share();
      return Math.min(longestRestMs, Math.max(shortestRestMs, tookMs * rests[kind]));
    },
  };
}
