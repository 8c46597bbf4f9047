import { type ErrorCode, HookwireError, type InputError, type MetLimit } from '../errors.ts';

/** A message between two threads could not be read. That ends one call, and nothing else. */
export const unreadable = 'message_unreadable';

/** The thread was closed or died, so nothing that is asked of it is done any more. */
export const threadEnded = 'thread_ended';

/** What was asked of another thread was not done. With the code {@link unreadable} it may be, and only the answer was lost. */
export class ThreadError extends Error {
  readonly code: string | null;
  /** SQLite's extended result code (13: full, 2067: a unique key is taken …); `null` when it was not SQLite that failed. */
  readonly sqliteCode: number | null;

  constructor(
    message: string,
    {
      code = null,
      sqliteCode = null,
      cause,
    }: { code?: string | null; sqliteCode?: number | null; cause?: Error } = {},
  ) {
    super(message, cause && { cause });
    this.name = 'ThreadError';
    this.code = code;
    this.sqliteCode = sqliteCode;
  }
}

/** An error as it crosses threads, or goes from process to process as JSON: a clone of an `Error` would lose its codes. */
export type ErrorMessage =
  | {
      readonly kind: 'expected';
      readonly code: ErrorCode;
      readonly message: string;
      readonly errors: readonly InputError[];
      readonly retryAfterSeconds: number | null;
      readonly limit: MetLimit | null;
    }
  | {
      readonly kind: 'unexpected';
      readonly code: string | null;
      readonly message: string;
      readonly sqliteCode: number | null;
      readonly stack: string | null;
    };

export function errorToMessage(error: unknown): ErrorMessage {
  if (error instanceof HookwireError) {
    const { code, message, errors, retryAfterSeconds, limit } = error;
    return { kind: 'expected', code, message, errors, retryAfterSeconds, limit };
  }
  const known = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  const message = 'message' in known ? String(known.message) : String(error);
  const { code, errcode, sqliteCode = errcode, errstr, stack } = known;
  return {
    kind: 'unexpected',
    code: code ? String(code) : null,
    message: typeof errstr === 'string' && !message.includes(errstr) ? `${message} (${errstr})` : message,
    sqliteCode: typeof sqliteCode === 'number' ? sqliteCode : null,
    stack: typeof stack === 'string' ? stack : null,
  };
}

export function messageToError(told: ErrorMessage): HookwireError | ThreadError {
  const { message } = told;
  if (told.kind === 'expected') {
    const { errors, retryAfterSeconds, limit } = told;
    return new HookwireError(told.code, message, {
      errors,
      ...(retryAfterSeconds !== null && { retryAfterSeconds }),
      ...(limit !== null && { limit }),
    });
  }
  const { code, sqliteCode, stack } = told;
  if (stack === null) return new ThreadError(message, { code, sqliteCode });
  return new ThreadError(message, { code, sqliteCode, cause: Object.assign(new Error(message), { stack }) });
}
