import type { ErrorCode } from '../../src/core/errors.ts';

/** What the caller of the API can do. */
export const errorCodeMeanings: { readonly [C in ErrorCode]: string } = {
  invalid_request: 'Send well-formed JSON and a well-formed path and query.',
  unauthorized: 'Send `Authorization: Bearer <key>` with a key that exists, or sign in.',
  invalid_credentials: 'Check both. The answer is the same whether or not somebody has the address.',
  forbidden: 'Use a key with the scope, or ask somebody with the role, that `detail` names.',
  csrf: 'Calls with the cookie of a signed-in person that change something carry `hookwire-csrf: 1` and come from a page of the gateway itself. Programs use an API key.',
  not_found: 'Check the id. What belongs to another account is not found either, whether or not it exists.',
  method_not_allowed: 'Use one of the methods in the `Allow` header or in the reference at `/docs`.',
  conflict: 'Read the resource again: it exists already, or its state does not allow this.',
  already_done:
    'The call did its work when it came first. What it made stands in `detail`; the answer held what is shown once, so it is not shown again.',
  limit_reached:
    'Delete what is not needed, or ask the operator of the gateway to raise the limit that `limit` names. What exists goes on working.',
  link_expired:
    'Ask whoever sent the link for a new one: it was used, replaced by a newer one, or its time is over.',
  restore_expired: 'Create the webhook anew; its history stays under its old id.',
  too_large:
    'Send less at once: fewer events, or a smaller body. `detail` names the limit, of bytes or of values; the operator of the gateway sets that of the bytes of events.',
  unsupported_media_type: 'Send `Content-Type: application/json`, in UTF-8 and not compressed.',
  invalid_input: 'Correct the places that `errors` names.',
  idempotency_key_reused:
    'Take a new key for each new call, and the same only for the same call again, byte for byte.',
  too_many_attempts: 'Try again after `Retry-After` seconds.',
  too_many_calls:
    'Make fewer calls, or the same ones later: try again after `Retry-After` seconds. Many events go in one call of `POST /v1/events`.',
  too_many_connections:
    'Use the connections that are open, several calls one after another, and close those that are not needed.',
  request_timeout: 'Send the whole request at once. Nothing of it was done.',
  slow_down:
    'Nothing of this request was done. Try again after `Retry-After` seconds; `limit` names what was met and its value.',
  headers_too_large: 'Send fewer or shorter headers.',
  internal: 'Try again; if it stays, look for the request id in the log and report it.',
  overloaded: 'Nothing of this request was accepted. Try again after `Retry-After` seconds.',
  stopping: 'The gateway is shutting down. Try again after `Retry-After` seconds.',
};
