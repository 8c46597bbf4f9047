import { setTimeout as pause } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { onConnection, rollBack } from './connection.ts';
import { sqlState } from './sql-state.ts';

/** How strictly a transaction is kept apart from others of the same moment; a snapshot sees all as it was when it began. */
export type Isolation = 'read committed' | 'serializable' | 'repeatable read read only';

export interface TransactionOptions {
  /** `set local …`, statements that need no round trip of their own. */
  readonly settings?: string;
  /**
   * Whoever did not get through at once tries again one at a time, in all processes, since among many who change the same
   * each one that gets through may end all others. Of eight processes with four each under way the last needs 4 tries; without
   * this some had used up all 20.
   */
  readonly inLine?: boolean;
  /** Of 0 to 1: how long it waits between two tries. */
  readonly random?: () => number;
}

/** SQLSTATEs of a transaction that another one got in the way of: it is to be tried again. */
const getInTheWay: ReadonlySet<string> = new Set(['40001', '40P01']);
const triesAtMost = 20;
/** A process that stops in the middle of a transaction (a machine that sleeps, SIGSTOP) holds its locks no longer than that. */
const giveWay = 'set local idle_in_transaction_session_timeout = 15000';
/** "STEP": of an advisory lock, which brief transactions share, and which a step of the schema has alone (`lock-in-order.ts`). */
export const schemaGate = 0x53_54_45_50;
/**
 * How a transaction of the delivery log begins, which takes some ms: where its process stops in the middle, others wait no longer than
 * that for the events and messages that it has locked. A step of the schema is waited for here, before it has locked anything.
 */
export const beginBrief =
  'begin isolation level read committed; set local idle_in_transaction_session_timeout = 5000; ' +
  `select pg_advisory_xact_lock_shared(${schemaGate})`;
const triesAtOnce = 2;
/**
 * Locks a table that is there in every database and hardly ever written; nobody else locks it so. What is seen is as it was
 * behind the lock, which `lock table` alone brings about. A process that stops in the middle gives way to others sooner.
 */
const getInLine =
  'set local lock_timeout = 5000; set local idle_in_transaction_session_timeout = 5000; ' +
  'lock table schema_migrations in share update exclusive mode';
/** Those who got in each other's way would do so again, if none waited. */
const longestPauseMs = 64;

/**
 * Runs `work` as one transaction on a connection of its own, and again where others got in its way: it must have no effect
 * but what it writes.
 *
 * @throws what the last try failed with
 */
export async function inTransaction<T>(
  pool: Pool,
  isolation: Isolation,
  work: (client: PoolClient) => Promise<T>,
  { settings = '', inLine = false, random = Math.random }: TransactionOptions = {},
): Promise<T> {
  for (let tries = 1; ; tries++) {
    const begin = `begin isolation level ${isolation}; ${giveWay}; ${settings}`;
    try {
      return await once(pool, inLine && tries > triesAtOnce ? `${begin}; ${getInLine}` : begin, work);
    } catch (error) {
      if (tries >= triesAtMost || !getInTheWay.has(sqlState(error))) throw error;
      await pause(random() * Math.min(2 ** tries, longestPauseMs));
    }
  }
}

function once<T>(pool: Pool, begin: string, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return onConnection(pool, async (client) => {
    await client.query(begin);
    try {
      const result = await work(client);
      await client.query('commit');
      return result;
    } catch (error) {
      await rollBack(client, error);
      throw error;
    }
  });
}
