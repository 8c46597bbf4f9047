import type { CutPiece, RetentionClock } from '../stores/ports/retention.ts';

/**
 * How much of the writer cutting gets: half of it while nobody else writes; else so little that few commits meet a piece, as long as
 * that is enough. Where it is not, since events come faster than they are cut, the share grows until it is.
 *
 * ```text
 * behind by more than a minute, and not by less than 10 s ago ─▸ share × 1.5, up to a quarter
 * behind by more than an hour, and not by 5 s less ────────────▸ as well
 * else ────────────────────────────────────────────────────────▸ share ÷ 1.1, down to a hundredth
 * ```
 */
export interface CuttingPace {
  /** How long the next piece may be. */
  readonly mostMs: number;
  /** A piece was done: how long to rest behind it, ms. */
  restAfter(piece: Pick<CutPiece, 'isBusy' | 'tookMs' | 'progress'>): number;
}

/** A piece while others write. */
const busyPieceMs = 2;
/** Of the writer's time, while others write. */
const leastShare = 0.01;
const mostShare = 0.25;
const growth = 1.5;
const decay = 1.1;
/** How often it is looked whether more is behind. */
const lookMs = 10_000;
/** What is less behind has become due since the last piece. */
const behindMs = 60_000;
/** What is more behind is a backlog, and becomes less by at least so much of the time that passes: a day of it is gone in two. */
const backlogMs = 3_600_000;
const leastLess = 0.5;
/** While nobody writes. */
const idlePieceMs = 8;
/** Behind any piece. */
const leastRestMs = 5;

/** @param elapsed the time that passes, ms */
export function createCuttingPace(elapsed: () => number): CuttingPace {
  let isBusy = true;
  let share = leastShare;
  let lookedAt = elapsed();
  let before: Readonly<Record<RetentionClock, number>> | null = null;

  function look({ payload, log }: CutPiece['progress']): void {
    const now = { payload: payload.behindMs, log: log.behindMs };
    const last = before;
    const passed = elapsed() - lookedAt;
    before = now;
    lookedAt = elapsed();
    if (last === null) return;
    const lags = (clock: RetentionClock): boolean => {
      const less = now[clock] > backlogMs ? passed * leastLess : 0;
      return now[clock] > behindMs && now[clock] > last[clock] - less;
    };
    share =
      lags('payload') || lags('log')
        ? Math.min(mostShare, share * growth)
        : Math.max(leastShare, share / decay);
  }

  return {
    get mostMs() {
      return isBusy ? busyPieceMs : idlePieceMs;
    },
    restAfter(piece) {
      ({ isBusy } = piece);
      if (before === null || elapsed() - lookedAt >= lookMs) look(piece.progress);
      return Math.max(leastRestMs, piece.tookMs * (isBusy ? 1 / share - 1 : 1));
    },
  };
}
