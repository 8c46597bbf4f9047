import { errors } from 'undici';
import { blockedHostDetail } from '../../core/blocked-host.ts';
import { BlockedAddressError } from '../guard/blocked-address-error.ts';
import type { Phase } from './phase.ts';
import type { SendError } from './send-result.ts';

/** The certificate errors of OpenSSL that people meet, each with its cause and its remedy; `$` is the host. */
const certificateErrors: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'The certificate of $ has expired; renew it.',
  CERT_NOT_YET_VALID: 'The certificate of $ is not valid yet; check its dates.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'The certificate of $ is self-signed; use one from a public authority.',
  SELF_SIGNED_CERT_IN_CHAIN:
    'The certificate of $ comes from an authority that is not trusted; use one from a public authority.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'The certificate of $ cannot be traced to a trusted authority; send the intermediate certificates with it.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'The certificate of $ cannot be traced to a trusted authority; send the intermediate certificates with it.',
  CERT_REVOKED: 'The certificate of $ has been revoked; replace it.',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'The certificate is not made for $; check the host in the URL or the certificate.',
  ERR_SSL_WRONG_VERSION_NUMBER: '$ does not speak TLS on this port; should the URL begin with http:// ?',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: '$ does not speak TLS on this port; should the URL begin with http:// ?',
  EPROTO: '$ and the gateway could not agree on a TLS connection; TLS 1.2 or newer is needed.',
};

const lengthMismatch = 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';

const unreachable = new Set([
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EHOSTDOWN',
  'ENETDOWN',
  'EACCES',
]);

const closed = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', lengthMismatch]);

const unsendable = new Set([
  'UND_ERR_INVALID_ARG',
  'UND_ERR_NOT_SUPPORTED',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
]);

/** Sorts an error of the connection or of undici into its class, with a sentence for the endpoint's developer. */
export function failureOf(error: Error, host: string, phase: Phase): SendError {
  const { code = '', syscall } = error as NodeJS.ErrnoException;
  if (error instanceof BlockedAddressError) {
    return { class: 'blocked_address', detail: blockedHostDetail };
  }
  if (syscall === 'getaddrinfo' || code === 'ENOTFOUND' || code.startsWith('EAI_'))
    return dnsFailure(code, host);
  if (code === 'ECONNREFUSED') {
    return { class: 'refused', detail: `${host} refuses connections; is the endpoint running on this port?` };
  }
  if (unreachable.has(code)) return { class: 'refused', detail: `${host} cannot be reached (${code}).` };
  if (code === 'ETIMEDOUT' || code === 'UND_ERR_CONNECT_TIMEOUT') return networkTimeout(host, phase);
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return { class: 'too_large', detail: `${host} answered more than 16 KiB of headers.` };
  }
  // undici gives these the code of a closed connection and tells them apart by their message only.
  if (error.message === 'bad response' || error.message === 'bad upgrade') {
    return { class: 'invalid_response', detail: `${host} answered 100 or 101, which was not asked for.` };
  }
  if (isNotHttp(error, code, phase)) return { class: 'invalid_response', detail: notHttp(host, error) };
  if (closed.has(code) || error instanceof errors.HTTPParserError) {
    return { class: 'reset', detail: `${host} closed the connection ${closedWhen[phase]}.` };
  }
  if (unsendable.has(code))
    return { class: 'render', detail: `The request cannot be sent: ${error.message}.` };
  const certificate = certificateErrors[code];
  if (certificate) return { class: 'tls', detail: certificate.replace('$', host) };
  const inTls = code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || code.includes('CERT');
  if (inTls) return { class: 'tls', detail: `No TLS connection with ${host} (${code}).` };
  const unknown = phase === 'connect' || phase === 'waiting' ? 'refused' : 'reset';
  return { class: unknown, detail: `The connection with ${host} failed (${code || error.message}).` };
}

const closedWhen: Readonly<Record<Phase, string>> = {
  waiting: 'before the request was sent',
  connect: 'before the request was sent',
  headers: 'without answering',
  body: 'in the middle of its answer',
};

function dnsFailure(code: string, host: string): SendError {
  const detail =
    code === 'EAI_AGAIN'
      ? `${host} could not be looked up in DNS right now.`
      : `${host} has no address in DNS (${code}); check the host in the URL.`;
  return { class: 'dns', detail };
}

function networkTimeout(host: string, phase: Phase): SendError {
  if (phase === 'headers' || phase === 'body') {
    return {
      class: phase === 'headers' ? 'timeout_headers' : 'timeout_body',
      detail: `The network lost ${host}.`,
    };
  }
  return {
    class: 'timeout_connect',
    detail: `${host} does not answer connections on this port; is it open?`,
  };
}

/** Whether undici could not parse the answer. A body that ends early is a parse error too, but means a closed connection. */
function isNotHttp(error: Error, code: string, phase: Phase): boolean {
  if (error instanceof errors.HTTPParserError) return !error.message.includes('Invalid EOF state');
  return code === lengthMismatch && phase === 'headers'; // two lengths that contradict each other
}

function notHttp(host: string, error: Error): string {
  const [, reason] = /\((.+)\)$/.exec(error.message) ?? [];
  return `${host} answered something that is not HTTP/1.1${reason ? ` (${reason})` : ''}.`;
}
