import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { AnswerLostError } from '../connection.ts';
import { DatabaseTrouble } from './trouble.ts';

function said(code: string, message: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError(message, message.length, 'error'), { code });
}

describe('what keeps the database from writing', () => {
  it.each([
    [
      said('53300', 'sorry, too many clients already'),
      'PostgreSQL has no connection left (53300): sorry, too many clients already',
    ],
    [
      said('57P03', 'the database system is starting up'),
      'PostgreSQL is starting, stopping or recovering (57P03): the database system is starting up',
    ],
    [
      new AnswerLostError(new AnswerLostError(said('57P01', 'terminating'))),
      'PostgreSQL was shut down (57P01): terminating',
    ],
    [
      Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
      'PostgreSQL is not there (ECONNREFUSED): connect ECONNREFUSED',
    ],
    [said('XX001', 'invalid page'), 'PostgreSQL says XX001: invalid page'],
    [new AnswerLostError(new Error('Query read timeout')), 'No answer from PostgreSQL: Query read timeout'],
  ])('is told in words: %s', (error, words) => {
    expect(new DatabaseTrouble(error).message).toBe(words);
  });
});
