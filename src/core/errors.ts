/** One wrong place in an input. `path` is a JSON path from the body's root: `customHeaders[1].name`; `''` is the root. */
export interface InputError {
  readonly path: string;
  readonly message: string;
}

/**
 * Every error that Hookwire answers with, by its stable code: the RFC 9457 title and the HTTP status.
 * `docs/reference/errors.md` is generated from this table.
 */
export const errorTable = {
  invalid_request: { status: 400, title: 'The request cannot be read' },
  unauthorized: { status: 401, title: 'No valid API key, and nobody is signed in' },
  invalid_credentials: { status: 401, title: 'The e-mail address or the password is wrong' },
  forbidden: { status: 403, title: 'The caller may not do this' },
  csrf: { status: 403, title: 'The call does not come from the portal' },
  not_found: { status: 404, title: 'There is no such resource' },
  method_not_allowed: { status: 405, title: 'The resource does not know this method' },
  conflict: { status: 409, title: 'The resource is in another state' },
  already_done: { status: 409, title: 'It was done before, and its answer is not kept' },
  limit_reached: { status: 409, title: 'The account has as many as it may have' },
  restore_expired: { status: 410, title: 'The webhook can no longer be restored' },
  link_expired: { status: 410, title: 'The link is not valid any more' },
  too_large: { status: 413, title: 'The request is too large' },
  unsupported_media_type: { status: 415, title: 'The body must be JSON' },
  request_timeout: { status: 408, title: 'The request did not arrive in time' },
  invalid_input: { status: 422, title: 'The input is not valid' },
  idempotency_key_reused: { status: 422, title: 'The Idempotency-Key was used for another call' },
  too_many_attempts: { status: 429, title: 'Too many attempts' },
  too_many_calls: { status: 429, title: 'Too many calls' },
  too_many_connections: { status: 429, title: 'Too many connections' },
  slow_down: { status: 429, title: 'More than may be done at once' },
  headers_too_large: { status: 431, title: 'The request has too many or too long headers' },
  internal: { status: 500, title: 'Hookwire failed' },
  overloaded: { status: 503, title: 'The gateway takes no more right now' },
  stopping: { status: 503, title: 'The gateway is stopping' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof errorTable;

/** The limit that a caller has met. */
export interface MetLimit {
  /** Of an account: its name in `core/account-limits.ts`. */
  readonly name: string;
  readonly value: number;
}

/** An expected failure with a stable code; the HTTP layer turns it into problem+json. */
export class HookwireError extends Error {
  readonly code: ErrorCode;
  readonly errors: readonly InputError[];
  /** Seconds after which trying again makes sense. */
  readonly retryAfterSeconds: number | null;
  /** The limit that was met, where one was. */
  readonly limit: MetLimit | null;

  constructor(
    code: ErrorCode,
    detail: string,
    more: {
      errors?: readonly InputError[];
      retryAfterSeconds?: number;
      limit?: MetLimit;
      cause?: unknown;
    } = {},
  ) {
    super(detail, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'HookwireError';
    this.code = code;
    this.errors = more.errors ?? [];
    this.retryAfterSeconds = more.retryAfterSeconds ?? null;
    this.limit = more.limit ?? null;
  }
}

/** Wrong places that an answer names at most; whoever reads an input may stop there. */
export const mostErrors = 50;

/** The error for input that is read but wrong in the named places. */
export function invalidInput(errors: readonly InputError[]): HookwireError {
  const [first] = errors;
  const others = `${errors.length >= mostErrors ? 'at least ' : ''}${Math.min(errors.length, mostErrors) - 1}`;
  const more = errors.length > 1 ? ` (and ${others} more)` : '';
  const detail = first ? `${first.path || 'The body'}: ${first.message}${more}` : 'The input is not valid.';
  return new HookwireError('invalid_input', detail, { errors: errors.slice(0, mostErrors) });
}
