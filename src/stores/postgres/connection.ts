import pg from 'pg';
import { sqlState } from './sql-state.ts';

/** The connection was lost before an answer came: what was asked is done, or is not. */
export class AnswerLostError extends Error {
  readonly code = 'answer_lost';

  constructor(cause: unknown) {
    super(String((cause as Error).message), { cause });
    this.name = 'AnswerLostError';
  }
}

/**
 * SQLSTATEs with which a connection is over although the server said so itself: it was told to stop, it crashed, or it is a
 * standby now (25006), and a new connection may lead to the one that took its place.
 */
const over: ReadonlySet<string> = new Set(['57P01', '57P02', '57P03', '57P05', '25006', '40003']);
/** Those of them where nothing was done. */
const notDone: ReadonlySet<string> = new Set(['57P03', '25006']);

/**
 * Does something on a connection of the pool, and gives the connection up where it broke.
 *
 * @throws what the pool says when there is no connection to be had, and what the server says; then nothing was done
 * @throws {AnswerLostError}
 */
export async function onConnection<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  // It rejects what is asked; without a listener it would end the process besides.
  const lose = (): void => {
    broken = true;
  };
  client.on('error', lose);
  try {
    return await work(client);
  } catch (error) {
    const said = error instanceof pg.DatabaseError ? sqlState(error) : '';
    broken ||= said.startsWith('08') || over.has(said) || isOfConnection(error);
    throw broken && !notDone.has(said) ? new AnswerLostError(error) : error;
  } finally {
    client.removeListener('error', lose);
    client.release(broken);
  }
}

/** Of the client and the network; all else is whatever `work` throws. */
export function isOfConnection(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof pg.DatabaseError) return false;
  const isOfSystem = 'syscall' in error || ('code' in error && /^E[A-Z]+$/.test(String(error.code)));
  return (
    isOfSystem ||
    /^(Connection terminated|Query read timeout|Client (was closed|has encountered)|timeout exceeded when trying)/.test(
      error.message,
    )
  );
}

/** Ends a transaction that failed; one on a connection that broke ends with that. */
export async function rollBack(client: pg.ClientBase, error: unknown): Promise<void> {
  if (!isOfConnection(error)) await client.query('rollback');
}
