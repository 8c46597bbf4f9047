import { type ErrorCode, HookwireError, type InputError } from '../../../core/errors.ts';

/** An error as it crosses the thread: a structured clone of an `Error` would lose its codes. */
export type ErrorMessage =
  | {
      readonly kind: 'expected';
      readonly code: ErrorCode;
      readonly message: string;
      readonly errors: readonly InputError[];
    }
  | { readonly kind: 'unexpected'; readonly sqliteCode: number | null; readonly cause: Error };

/** A request that a thread of the store could not carry out. */
export class DeskError extends Error {
  readonly code = 'desk_failed';
  /** SQLite's extended result code (2067: a unique key is taken, 5: busy …); `null` when SQLite did not fail. */
  readonly sqliteCode: number | null;

  constructor(message: string, sqliteCode: number | null = null, cause?: Error) {
    super(message, cause && { cause });
    this.name = 'DeskError';
    this.sqliteCode = sqliteCode;
  }
}

export function errorToMessage(error: unknown): ErrorMessage {
  if (error instanceof HookwireError) {
    return { kind: 'expected', code: error.code, message: error.message, errors: error.errors };
  }
  const cause = error instanceof Error ? error : new Error(String(error));
  const sqliteCode = 'errcode' in cause && typeof cause.errcode === 'number' ? cause.errcode : null;
  return { kind: 'unexpected', sqliteCode, cause };
}

export function messageToError(message: ErrorMessage): Error {
  return message.kind === 'expected'
    ? new HookwireError(message.code, message.message, { errors: message.errors })
    : new DeskError(message.cause.message, message.sqliteCode, message.cause);
}
