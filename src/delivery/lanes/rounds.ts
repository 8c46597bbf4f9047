/** Deliveries that were taken from their lane while nobody asked for an end of them. */
export interface Round {
  /** Those of them that are sent or being sent, and not yet recorded. */
  underWay: number;
  onEnd: (() => void) | null;
}

/**
 * Tells when all that is under way now has ended, whatever is begun meanwhile: what is under way is counted in rounds, and
 * whoever waits begins a new one.
 */
export interface Rounds {
  readonly current: Round;
  /** So many of a round are recorded, or went back to their places. */
  ended(round: Round, deliveries: number): void;
  /** Resolves when nothing is under way that is now. */
  settled(): Promise<void>;
}

export function createRounds(): Rounds {
  let current: Round = { underWay: 0, onEnd: null };
  let before: Promise<void> = Promise.resolve();

  return {
    get current() {
      return current;
    },
    ended(round, deliveries) {
      round.underWay -= deliveries;
      if (round.underWay === 0) round.onEnd?.();
    },
    settled() {
      const round = current;
      if (round.underWay === 0) return before;
      const { promise, resolve } = Promise.withResolvers<void>();
      round.onEnd = resolve;
      before = before.then(() => promise);
      current = { underWay: 0, onEnd: null };
      return before;
    },
  };
}
