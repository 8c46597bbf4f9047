import createClient, { type Middleware } from 'openapi-fetch';
import { ApiError, type Problem, unreachable } from './problem.ts';
import type { paths } from './schema.d.ts';

/** For a platform's frame: the bearer that a portal link was exchanged for lives as long as the tab. */
const bearerKey = 'hookwire-bearer';
let accountInView: string | null = null;

/** The account that calls are about from now on; `null`: none (an operator's own pages). */
export function lookAtAccount(accountId: string | null): void {
  accountInView = accountId;
}

export function keepBearer(token: string | null): void {
  if (token === null) sessionStorage.removeItem(bearerKey);
  else sessionStorage.setItem(bearerKey, token);
}

/** Whether the platform opened the portal for somebody, by a portal link. */
export function hasBearer(): boolean {
  return sessionStorage.getItem(bearerKey) !== null;
}

let onSignedOut: () => void = () => {};

/** What to do when a call is refused because nobody is signed in (any more). */
export function whenSignedOut(act: () => void): void {
  onSignedOut = act;
}

/** Headers that every call carries; the second makes a forged form or image useless (CSRF). */
export function callHeaders(): Record<string, string> {
  const bearer = sessionStorage.getItem(bearerKey);
  return {
    'hookwire-csrf': '1',
    ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
    ...(accountInView !== null && { 'hookwire-account': accountInView }),
  };
}

const common: Middleware = {
  onRequest({ request }) {
    for (const [name, value] of Object.entries(callHeaders())) request.headers.set(name, value);
  },
  async onResponse({ response }) {
    if (!response.ok) throw await apiError(response);
  },
  onError: () => new ApiError(unreachable),
};

/** What a failed answer says. */
export async function apiError(response: Response): Promise<ApiError> {
  const retryAfter = Number(response.headers.get('retry-after'));
  const problem = await response.json().catch(() => null);
  const known = typeof problem === 'object' && problem !== null && 'code' in problem;
  const fallback: Problem = {
    ...unreachable,
    status: response.status,
    detail: `The gateway answered ${response.status}.`,
  };
  const error = new ApiError(known ? (problem as Problem) : fallback, retryAfter > 0 ? retryAfter : null);
  if (error.problem.code === 'unauthorized') onSignedOut();
  return error;
}

/** The gateway's API, typed by its OpenAPI document. Calls throw {@link ApiError} unless they succeed. */
export const api = createClient<paths>({ baseUrl: window.location.origin });
api.use(common);

/** The answer of a call that succeeded. */
export async function answer<T>(call: Promise<{ data?: T }>): Promise<T> {
  const { data } = await call;
  return data as T;
}
