/** What the gateway answers when something is wrong (RFC 9457). */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** What is wrong with the input, by field. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/** Thrown by every call of the API that is not answered with success. */
export class ApiError extends Error {
  readonly problem: Problem;
  /** Seconds after which it may be tried again. */
  readonly retryAfter: number | null;

  constructor(problem: Problem, retryAfter: number | null = null) {
    super(problem.detail);
    this.name = 'ApiError';
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

/** The error of a call that got no answer at all. */
export const unreachable: Problem = {
  status: 0,
  code: 'unreachable',
  title: 'No answer',
  detail: 'The gateway does not answer. Check the connection and try again.',
};

/** The error of a file that ended before it was whole. */
export const brokenOff: Problem = {
  status: 0,
  code: 'broken_off',
  title: 'The file broke off',
  detail: 'The file broke off before it was whole.',
};

/** What to tell a person of anything that was thrown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem;
  const detail = error instanceof Error ? error.message : String(error);
  return { status: 0, code: 'broken', title: 'Something went wrong', detail };
}
