import type { ErrorClass } from './delivery.ts';

/** An error class in words: what happened on the way to an endpoint, and what its owner can do about it. */
export interface ErrorAdvice {
  /** What happened, as a heading. */
  readonly title: string;
  /** What to do about it. */
  readonly advice: string;
}

/** The portal, the answer to a test and `docs/reference/errors.md` all read these words. */
export const errorAdvice: { readonly [C in ErrorClass]: ErrorAdvice } = {
  dns: {
    title: 'The host name has no address',
    advice: 'Check the host name in the URL for typing mistakes, and that its DNS record is public.',
  },
  refused: {
    title: 'Nothing listens at the address',
    advice:
      'Check that the server is running, that the URL names the port it listens on, and that a firewall lets the gateway in.',
  },
  reset: {
    title: 'The connection was closed before the whole answer came',
    advice:
      'Look in the log of the server and of the proxy before it for a crash or a limit at that time; answer before doing long work.',
  },
  tls: {
    title: 'The encrypted connection could not be made',
    advice:
      'Do what the sentence with it says; check the server with `openssl s_client -connect HOST:443 -servername HOST`.',
  },
  timeout_connect: {
    title: 'No connection in time',
    advice: 'Check the host and port, and that a firewall does not drop connections from the gateway.',
  },
  timeout_headers: {
    title: 'Connected, but no answer in time',
    advice:
      'Answer as soon as the report is stored and do the work afterwards; or raise the timeout of the webhook.',
  },
  timeout_body: {
    title: 'The answer began, but did not end in time',
    advice: 'Send a short body and end the answer; or raise the timeout of the webhook.',
  },
  blocked_address: {
    title: 'The address may not be called',
    advice:
      'Webhooks go to public addresses only, not to private, loopback or metadata ones. Give a public URL, or ask whoever runs the gateway to allow the network.',
  },
  redirect: {
    title: 'The endpoint answered with a redirect',
    advice: 'Redirects are not followed. Give the final URL, often the one with https:// or without a slash.',
  },
  too_large: {
    title: 'The headers of the answer were too large',
    advice: 'Answer with fewer headers or cookies; a status code is enough.',
  },
  invalid_response: {
    title: 'The answer was not HTTP',
    advice: 'Check the port: something other than a web server of HTTP/1.1 answers there.',
  },
  status: {
    title: 'The status code does not count as delivered',
    advice:
      'Answer with 200, or with one of the codes that the webhook counts as success. For 401 and 403 check the custom headers, for 404 the path, for 5xx the log of the server.',
  },
  body_mismatch: {
    title: 'The answer lacks the text that counts as delivered',
    advice: 'Answer with the text that the webhook asks for, or change its success rule.',
  },
  render: {
    title: 'The request could not be made',
    advice: 'Open the webhook, check its URL and time zone, and save it again. If it stays, report it.',
  },
  too_long: {
    title: 'The URL or the headers are too long for the endpoint',
    advice:
      'Too long for GET: use POST, where the values go in the body. With POST already, shorten the URL and the custom headers, or raise the limit of the server.',
  },
};
