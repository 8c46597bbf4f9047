import type { ErrorClass } from '../../src/core/delivery.ts';
import type { ErrorCode } from '../../src/core/errors.ts';

/** What the caller of the API can do. */
export const errorCodeMeanings: { readonly [C in ErrorCode]: string } = {
  invalid_request: 'Send well-formed JSON and a well-formed path and query.',
  unauthorized: 'Send `Authorization: Bearer <key>` with a key that exists.',
  forbidden: 'Use a key with the scope that `detail` names.',
  not_found: 'Check the id. What belongs to another account is not found either, whether or not it exists.',
  method_not_allowed: 'Use one of the methods in the `Allow` header or in the reference at `/docs`.',
  conflict: 'Read the resource again: it exists already, or its state does not allow this.',
  too_large: 'Send less at once: fewer events, or a smaller body (`HOOKWIRE_MAX_BODY_BYTES`).',
  unsupported_media_type: 'Send `Content-Type: application/json`.',
  invalid_input: 'Correct the places that `errors` names.',
  headers_too_large: 'Send fewer or shorter headers.',
  internal: 'Try again; if it stays, look for the request id in the log and report it.',
  overloaded: 'Nothing of this request was accepted. Try again after `Retry-After` seconds.',
  stopping: 'The gateway is shutting down. Try again after `Retry-After` seconds.',
};

/** What happened on the way to an endpoint. */
export const errorClassMeanings: { readonly [C in ErrorClass]: string } = {
  dns: "The endpoint's host name has no address.",
  refused: 'Nothing listens at the address, or it cannot be reached.',
  reset: 'The endpoint closed the connection before it had answered in full.',
  tls: 'The encrypted connection could not be made, for instance because the certificate is not valid.',
  timeout_connect: 'No connection within the deadline.',
  timeout_headers: 'Connected, but no answer began within the deadline.',
  timeout_body: 'The answer began, but did not end within the deadline.',
  blocked_address:
    'The host name leads to an address that webhooks may not call (private, loopback, metadata …); see `HOOKWIRE_ALLOW_NETWORKS`.',
  redirect: 'The endpoint answered with a redirect, which is not followed. Give the final URL.',
  too_large: 'The answer was larger than the gateway reads.',
  invalid_response: 'The answer was not HTTP.',
  status: 'The status code does not count as success for this webhook.',
  body_mismatch: "The answer's body does not contain the text that the webhook asks for.",
  render: 'The request could not be made from this event and this webhook.',
};
