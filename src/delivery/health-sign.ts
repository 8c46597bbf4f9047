import type { ErrorClass } from '../core/delivery.ts';

/**
 * What one attempt says of its endpoint:
 * - `well`: it was delivered
 * - `refused`: the endpoint is there and does not take this report, which says nothing of the next one
 * - `busy`: it is there and wants fewer requests (429)
 * - `failed`: it would have failed any report
 * - `timed_out`: the same, and a place under way was held for nothing all the while
 */
export type HealthSign = 'well' | 'refused' | 'busy' | 'failed' | 'timed_out';

/**
 * Statuses of 4xx that are the same whatever the report says: credentials, method, connection and time. Every other 4xx
 * is a verdict on the request that was sent (RFC 9110, 15.5; RFC 4918; RFC 6585), also those that no standard names: it
 * was read and judged, so the endpoint works.
 */
const endpointStatuses: ReadonlySet<number> = new Set([401, 402, 403, 405, 407, 421, 425, 426]);

/** Somebody waited in vain: the endpoint for the request, or a gateway before it for the endpoint (522, 524: Cloudflare). */
const timeoutStatuses: ReadonlySet<number> = new Set([408, 504, 522, 524, 598, 599]);

/** @param errorClass `null` when it was delivered */
export function healthSign(errorClass: ErrorClass | null, statusCode: number | null): HealthSign {
  switch (errorClass) {
    case null:
      return 'well';
    case 'status':
    case 'too_long':
      return statusSign(statusCode ?? 0);
    // The answer to another report may have the text, and the rendering of another may work.
    case 'body_mismatch':
    case 'render':
      return 'refused';
    case 'timeout_connect':
    case 'timeout_headers':
    case 'timeout_body':
      return 'timed_out';
    case 'dns':
    case 'refused':
    case 'reset':
    case 'tls':
    case 'blocked_address':
    case 'redirect':
    case 'too_large':
    case 'invalid_response':
      return 'failed';
  }
}

function statusSign(status: number): HealthSign {
  if (status === 429) return 'busy';
  if (timeoutStatuses.has(status)) return 'timed_out';
  // A 2xx that does not count as delivered was an answer to this report.
  if (status >= 200 && status < 300) return 'refused';
  if (status >= 400 && status < 500) return endpointStatuses.has(status) ? 'failed' : 'refused';
  return 'failed';
}
