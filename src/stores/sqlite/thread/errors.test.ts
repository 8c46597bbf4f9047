import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { HookwireError } from '../../../core/errors.ts';
import { DeskError, errorToMessage, messageToError } from './errors.ts';

function cross(error: unknown): Error {
  return messageToError(structuredClone(errorToMessage(error)));
}

describe('an error that crosses the thread', () => {
  it('stays the expected error that it was', () => {
    const errors = [{ path: 'cursor', message: 'is broken' }];
    const crossed = cross(new HookwireError('invalid_request', 'No such cursor.', { errors }));
    expect(crossed).toBeInstanceOf(HookwireError);
    expect(crossed).toMatchObject({ code: 'invalid_request', message: 'No such cursor.', errors });
  });

  it('keeps the code of SQLite', () => {
    let thrown: unknown;
    try {
      new DatabaseSync(':memory:').exec('nonsense');
    } catch (error) {
      thrown = error;
    }
    const crossed = cross(thrown);
    expect(crossed).toBeInstanceOf(DeskError);
    expect(crossed).toMatchObject({ sqliteCode: 1, message: expect.stringContaining('syntax error') });
  });

  it('keeps the message and the place of any other', () => {
    const error = new TypeError('x is undefined');
    const crossed = cross(error);
    expect(crossed).toMatchObject({ message: 'x is undefined', sqliteCode: null });
    expect(crossed.cause).toMatchObject({ stack: error.stack });
    expect(cross('just text').message).toBe('just text');
  });
});
