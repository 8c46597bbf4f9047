import type { FastifyReply } from 'fastify';
import {
  type ErrorCode,
  errorTable,
  HookwireError,
  type InputError,
  type MetLimit,
} from '../../core/errors.ts';

export const problemType = 'application/problem+json';

/** RFC 9457. `type` is a stable name, not an address; `code` is its last part. */
export interface Problem {
  readonly type: `urn:hookwire:error:${ErrorCode}`;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly errors?: readonly InputError[];
  readonly limit?: MetLimit;
}

/** The problem document of an error. */
export function problemOf(error: HookwireError): Problem {
  const { status, title } = errorTable[error.code];
  return {
    type: `urn:hookwire:error:${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    ...(error.errors.length > 0 ? { errors: error.errors } : {}),
    ...(error.limit ? { limit: error.limit } : {}),
  };
}

/** Answers with an error; `more` is added to the document. */
export function sendProblem(reply: FastifyReply, error: HookwireError, more: object = {}): FastifyReply {
  const problem = problemOf(error);
  if (error.code === 'unauthorized') reply.header('www-authenticate', 'Bearer realm="hookwire"');
  // RFC 9110 §15.5.16.
  if (error.code === 'unsupported_media_type') reply.header('accept-encoding', 'gzip');
  if (error.retryAfterSeconds !== null) reply.header('retry-after', String(error.retryAfterSeconds));
  return reply
    .code(problem.status)
    .header('content-type', problemType)
    .send(JSON.stringify({ ...problem, ...more }));
}

/** The error to answer with for whatever was thrown; `internal`, with the cause, for what nobody expected. */
export function toHookwireError(thrown: unknown): HookwireError {
  if (thrown instanceof HookwireError) return thrown;
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  const code = codeOfStatus(statusOf(thrown));
  // Such a message may repeat the whole path.
  if (code !== undefined) return new HookwireError(code, detail.slice(0, longestDetail), { cause: thrown });
  if (isOutOfFiles(thrown)) {
    const words =
      'The gateway cannot open a file that it needs for this: too many are open. Try again later.';
    return new HookwireError('overloaded', words, { cause: thrown, retryAfterSeconds: 10 });
  }
  return new HookwireError('internal', 'The gateway failed to answer; its log says why.', { cause: thrown });
}

function isOutOfFiles(thrown: unknown): boolean {
  const code = thrown instanceof Error ? Reflect.get(thrown, 'code') : null;
  return code === 'EMFILE' || code === 'ENFILE';
}

function statusOf(thrown: unknown): unknown {
  return typeof thrown === 'object' && thrown !== null && 'statusCode' in thrown
    ? thrown.statusCode
    : undefined;
}

/** Of Fastify's own errors, in characters; its longest sentences have some 100. */
const longestDetail = 160;

/** Fastify's own errors carry a status. */
function codeOfStatus(status: unknown): ErrorCode | undefined {
  switch (status) {
    case 400:
      return 'invalid_request';
    case 404:
    case 414:
      return 'not_found';
    case 413:
      return 'too_large';
    case 415:
      return 'unsupported_media_type';
    default:
      return undefined;
  }
}
