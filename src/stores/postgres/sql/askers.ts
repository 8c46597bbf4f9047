import { HookwireError } from '../../../core/errors.ts';
import { createFairPlaces } from '../../../core/fair-places.ts';

/** What askers share: so many of theirs are at work at once, of one asker fewer, and they take turns. */
export interface Askers {
  /**
   * Does `work` when it is the asker's turn.
   * @param asker an account; `''`: an operator, or the gateway itself
   * @throws {HookwireError} `slow_down` or `overloaded` when too many wait, or it waited for too long
   */
  inTurn<T>(asker: string, work: () => Promise<T>): Promise<T>;
}

/** A caller that waits for so long does not wait for the answer. Where the database is away, nobody waits for longer. */
const waitsAtMostMs = 10_000;
const mostWaiting = 1_000;

export interface AskersOptions {
  readonly atOnce: number;
  readonly ofOne: number;
  /** Those of one asker that may wait. */
  readonly waitingOfOne?: number;
}

export function createAskers({ atOnce, ofOne, waitingOfOne = 100 }: AskersOptions): Askers {
  const places = createFairPlaces({ most: atOnce, mostWaiting, mostWaitingOfAccount: waitingOfOne });

  async function enter(asker: string): Promise<() => void> {
    const tooLate = AbortSignal.timeout(waitsAtMostMs);
    try {
      return await places.enter(asker, ofOne, () => tooMany(waitingOfOne), tooLate);
    } catch (error) {
      if (!tooLate.aborted) throw error;
      const words = 'The database has been busy for too long; try again in a moment.';
      throw new HookwireError('overloaded', words, { cause: error, retryAfterSeconds: 5 });
    }
  }

  return {
    async inTurn(asker, work) {
      const leave = await enter(asker);
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}

function tooMany(waiting: number): HookwireError {
  const words = `${waiting} answers are being waited for already; ask for fewer at once.`;
  return new HookwireError('slow_down', words, { retryAfterSeconds: 1 });
}
