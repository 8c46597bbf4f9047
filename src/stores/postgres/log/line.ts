import type { Pool, PoolClient } from 'pg';
import { Fifo } from '../../../core/fifo.ts';
import { createTurns } from '../../../core/turns.ts';
import { onConnection, rollBack } from '../connection.ts';
import { beginBrief } from '../transaction.ts';

/**
 * What a courier asks, on one connection at a time, one thing after another.
 *
 * ```text
 * first: attempts, what arrived ───────────────┐ by turns, where others came before
 *                                              ├──▸ connection
 * others: loads …, one account after another ──┘
 * ```
 * So what is recorded waits for one load at most, however many webhooks of an account have something to load, and an account's load
 * for one of each other account. Whoever asks sees what was recorded before.
 */
export interface Line {
  /** Before all but one of those that wait, and what was asked so before. */
  runFirst<T>(work: Work<T>): Promise<T>;
  /** @param asker an account; `''`: the process itself */
  run<T>(asker: string, work: Work<T>): Promise<T>;
  /** The same, but where it is not wanted any more when its turn comes: then it resolves at once, without a connection. */
  runIfWanted(asker: string, isWanted: () => boolean, work: Work<void>): Promise<void>;
  /** As {@link Line.run}, in a transaction; rolled back when it fails. */
  transact<T>(asker: string, work: Work<T>): Promise<T>;
  /** Resolves when nothing is under way or waits. */
  idle(): Promise<void>;
}

type Work<T> = (client: PoolClient) => Promise<T>;

interface Asked {
  /** How many were asked for before. */
  readonly number: number;
  run(): Promise<void>;
}

export function createLine(pool: Pool): Line {
  const first = new Fifo<Asked>();
  const others = createTurns<Asked>();
  let count = 0;
  let wasFirst = false;
  let working: Promise<void> | null = null;

  function next(): Asked | undefined {
    const [ahead, other] = [first.peek(), others.peek()];
    const isOthersTurn = other && (!ahead || (wasFirst && other.number < ahead.number));
    wasFirst = !isOthersTurn;
    return isOthersTurn ? others.take()?.item : first.shift();
  }

  async function workOff(): Promise<void> {
    for (let asked = next(); asked; asked = next()) await asked.run();
    working = null;
  }

  function add<T>(work: Work<T>, into: (asked: Asked) => void): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    into({ number: count++, run: () => onConnection(pool, work).then(resolve, reject) });
    working ??= Promise.resolve().then(workOff);
    return promise;
  }

  function run<T>(asker: string, work: Work<T>): Promise<T> {
    return add(work, (asked) => others.add(asker, asked));
  }

  function runIfWanted(asker: string, isWanted: () => boolean, work: Work<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      add(work, ({ number, run: connect }) => {
        const runIt = async (): Promise<void> => (isWanted() ? connect() : resolve());
        others.add(asker, { number, run: runIt });
      }).then(resolve, reject);
    });
  }

  return {
    runFirst: (work) => add(work, (asked) => first.push(asked)),
    run,
    runIfWanted,
    transact: (asker, work) =>
      run(asker, async (client) => {
        await client.query(beginBrief);
        try {
          const result = await work(client);
          await client.query('commit');
          return result;
        } catch (error) {
          await rollBack(client, error);
          throw error;
        }
      }),
    async idle() {
      while (working) await working;
    },
  };
}
