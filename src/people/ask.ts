import { signInUnderWay } from './access.ts';
import { addressHeader, authBasePath } from './auth-names.ts';
import type { Auth } from './better-auth.ts';

/** Who makes a request, as far as the connection tells. */
export interface Client {
  /** The IP address. */
  readonly address: string;
  readonly userAgent: string | null;
}

export interface AuthQuestion {
  readonly body?: object;
  /** The `Cookie` header. */
  readonly cookie?: string | undefined;
  readonly client: Client;
  /** The era of access that a session which this gives belongs to; without one it gives none. */
  readonly era?: number;
}

/** An answer of better-auth. */
export interface AuthAnswer {
  readonly status: number;
  /** Its code of what went wrong, `INVALID_TOKEN`. */
  readonly code: string | null;
  readonly body: unknown;
  /** `Set-Cookie` headers. */
  readonly cookies: readonly string[];
  readonly location: string | null;
  readonly retryAfterSeconds: number | null;
}

/**
 * Asks better-auth as if over HTTP, so that its rate limit and its cookies hold. The request is made of what is given
 * here and nothing else; that it comes from a page of ours was checked before.
 *
 * @param path below its base path, with its query
 */
export async function ask(
  auth: Pick<Auth, 'handler'>,
  publicUrl: string,
  method: 'GET' | 'POST',
  path: string,
  { body, cookie, client, era }: AuthQuestion,
): Promise<AuthAnswer> {
  const headers = new Headers({ origin: publicUrl, [addressHeader]: client.address });
  if (client.userAgent !== null) headers.set('user-agent', client.userAgent);
  if (cookie !== undefined) headers.set('cookie', cookie);
  if (body !== undefined) headers.set('content-type', 'application/json');
  const request = new Request(`${publicUrl}${authBasePath}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await signInUnderWay.run(era === undefined ? undefined : { era }, () =>
    auth.handler(request),
  );
  const content = parse(await answer.text());
  const code = typeof content === 'object' && content !== null ? Reflect.get(content, 'code') : null;
  const retryAfter = answer.headers.get('x-retry-after');
  return {
    status: answer.status,
    code: typeof code === 'string' ? code : null,
    body: content,
    cookies: answer.headers.getSetCookie(),
    location: answer.headers.get('location'),
    retryAfterSeconds: retryAfter === null ? null : Number(retryAfter),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The `Cookie` header that a browser would send after it got these. */
export function asCookieHeader(cookies: readonly string[]): string {
  return cookies.map((cookie) => cookie.split(';', 1)[0]).join('; ');
}
