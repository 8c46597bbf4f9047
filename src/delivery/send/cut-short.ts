import type { Phase } from './phase.ts';
import type { SendError } from './send-result.ts';

// Why the gateway itself ends an exchange, or does not take its answer.

/** What it means that the deadline came in this phase. */
export function deadlineFailure(host: string, phase: Phase, timeoutMs: number): SendError {
  const time = timeoutMs % 1000 === 0 ? `${timeoutMs / 1000} s` : `${timeoutMs} ms`;
  switch (phase) {
    case 'waiting':
      return { class: 'timeout_connect', detail: `No connection to ${host} became free within ${time}.` };
    case 'lookup':
      return {
        class: 'dns',
        detail: `The name of ${host.replace(/:\d+$/, '')} was not found within ${time}: no name server answered for it in time.`,
      };
    case 'connect':
      return { class: 'timeout_connect', detail: `${host} did not accept a connection within ${time}.` };
    case 'tls':
      return {
        class: 'timeout_connect',
        detail: `${host} accepted a connection, but the TLS handshake did not end within ${time}.`,
      };
    case 'headers':
      return {
        class: 'timeout_headers',
        detail: `${host} took the request but did not answer within ${time}.`,
      };
    case 'body':
      return { class: 'timeout_body', detail: `${host} began to answer but did not finish within ${time}.` };
  }
}

/** The deadline came in a body that only the end of the connection ends, and that stayed open. */
export function openEndedFailure(host: string, timeoutMs: number): SendError {
  const { class: errorClass, detail } = deadlineFailure(host, 'body', timeoutMs);
  const why =
    'The answer does not say how long it is, so it ends with the connection, which stayed open; send Content-Length.';
  return { class: errorClass, detail: `${detail} ${why}` };
}

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** An answer that leads somewhere else. 300, 304, 305 and 306, or no `Location`, lead nowhere (RFC 9110 section 15.4). */
export function isRedirect(status: number, location: string | null): location is string {
  return location !== null && redirects.has(status);
}

/** A redirect is not followed: where it leads is for the owner to decide, and could be inside the operator's network. */
export function redirectFailure(status: number, location: string, origin: string): SendError {
  const to = withoutQuery(location, origin);
  const detail = `The endpoint answered ${status}, a redirect to ${to}; redirects are not followed, so enter the final URL.`;
  return { class: 'redirect', detail };
}

/** The place that `location` names, without what may be secret or personal in it: user name, query, fragment. */
function withoutQuery(location: string, origin: string): string {
  const url = URL.parse(location, origin);
  return url ? `${url.protocol}//${url.host}${url.pathname}`.slice(0, 200) : 'something that is not a URL';
}
