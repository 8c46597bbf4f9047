import type { Pool, PoolClient } from 'pg';
import { onConnection, rollBack } from '../connection.ts';
import { beginBrief } from '../transaction.ts';

/** One thing after another, on one connection at a time: what is asked later sees what was asked before, and is answered later. */
export interface Line {
  run<T>(work: (client: PoolClient) => Promise<T>): Promise<T>;
  /** The same in a transaction; rolled back when it fails. */
  transact<T>(work: (client: PoolClient) => Promise<T>): Promise<T>;
  /** Resolves when nothing is under way or waits. */
  idle(): Promise<void>;
}

export function createLine(pool: Pool): Line {
  let last: Promise<unknown> = Promise.resolve();

  function run<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const ended = last.then(() => onConnection(pool, work));
    last = ended.catch(() => {});
    return ended;
  }

  return {
    run,
    transact: (work) =>
      run(async (client) => {
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
      for (let before: unknown; before !== last; ) {
        before = last;
        await last;
      }
    },
  };
}
