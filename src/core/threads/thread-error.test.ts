import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { HookwireError } from '../errors.ts';
import { errorToMessage, messageToError, ThreadError } from './thread-error.ts';

function cross(error: unknown): Error {
  return messageToError(structuredClone(errorToMessage(error)));
}

describe('an error that crosses threads', () => {
  it('stays the expected error that it was', () => {
    const errors = [{ path: 'cursor', message: 'is broken' }];
    const limit = { name: 'webhooks', value: 20 };
    const expected = new HookwireError('invalid_request', 'No such cursor.', {
      ...{ errors, limit, retryAfterSeconds: 3 },
    });
    const crossed = cross(expected);
    expect(crossed).toBeInstanceOf(HookwireError);
    expect(crossed).toEqual(expected);
    expect(crossed).toMatchObject({ limit, retryAfterSeconds: 3 });
  });

  it('keeps the code of SQLite', () => {
    let thrown: unknown;
    try {
      new DatabaseSync(':memory:').exec('nonsense');
    } catch (error) {
      thrown = error;
    }
    const crossed = cross(thrown);
    expect(crossed).toBeInstanceOf(ThreadError);
    expect(crossed).toMatchObject({
      code: 'ERR_SQLITE_ERROR',
      sqliteCode: 1,
      message: expect.stringContaining('syntax error'),
    });
  });

  it('keeps its codes over a second thread', () => {
    const error = new ThreadError('database or disk is full', { code: 'ERR_SQLITE_ERROR', sqliteCode: 13 });
    expect(cross(cross(error))).toMatchObject({ message: error.message, code: error.code, sqliteCode: 13 });
  });

  it('keeps the message and the place of any other', () => {
    const error = new TypeError('x is undefined');
    const crossed = cross(error);
    expect(crossed).toMatchObject({ message: 'x is undefined', sqliteCode: null });
    expect(crossed.cause).toMatchObject({ stack: error.stack });
    expect(cross('just text').message).toBe('just text');
  });
});
