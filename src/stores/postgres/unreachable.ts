import pg from 'pg';
import { HookwireError } from '../../core/errors.ts';
import { AnswerLostError, isOfConnection } from './connection.ts';
import { sqlState } from './sql-state.ts';

/**
 * Classes and codes of SQLSTATE that say something of the database and nothing of what was asked: no connection (08), no
 * means (53), told to stop, starting or recovering (57P), out of its time (57014), a standby (25006), others in the way again
 * and again (40, 55P03, 25P03).
 */
const ofDatabase = ['08', '53', '57', '58', '25006', '25P03', '40', '55P03'];

/**
 * What callers are told of an error: that of a database which cannot be reached, or does not do what it is asked, is
 * `overloaded`, since trying again can help. All else stays what it is.
 */
export function forCallers(error: unknown): unknown {
  const isUnreachable =
    error instanceof pg.DatabaseError
      ? ofDatabase.some((start) => sqlState(error).startsWith(start))
      : error instanceof AnswerLostError || isOfConnection(error);
  if (!isUnreachable) return error;
  const words =
    'The database does not answer right now; try again in a moment. What was asked may have been done.';
  return new HookwireError('overloaded', words, { cause: error, retryAfterSeconds: 5 });
}

/** Does something with the database, and throws what {@link forCallers} makes of its error. */
export async function answerable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw forCallers(error);
  }
}
