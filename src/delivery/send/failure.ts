import { blockedHostDetail } from '../../core/blocked-host.ts';
import { BlockedAddressError } from '../guard/blocked-address-error.ts';
import { NameError } from '../names/name-error.ts';
import type { AnswerProblem } from './answer-reader.ts';
import type { Phase } from './phase.ts';
import type { SendError } from './send-result.ts';
import { tlsFailure } from './tls-failure.ts';

const unreachable = new Set([
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EHOSTDOWN',
  'ENETDOWN',
  'EACCES',
]);

const closed = new Set(['ECONNRESET', 'EPIPE']);

/**
 * Sorts an error of the connection into its class, with a sentence for the endpoint's developer.
 * @param maySpeakTls the connection is in plain HTTP, and nothing has been answered on it yet
 */
export function failureOf(error: Error, host: string, phase: Phase, maySpeakTls = false): SendError {
  const { code = '', syscall } = error as NodeJS.ErrnoException;
  if (error instanceof BlockedAddressError) return { class: 'blocked_address', detail: blockedHostDetail };
  if (error instanceof NameError) return { class: 'dns', detail: error.message };
  if (syscall === 'getaddrinfo' || code === 'ENOTFOUND' || code.startsWith('EAI_'))
    return dnsFailure(code, host);
  if (code === 'ECONNREFUSED') {
    return { class: 'refused', detail: `${host} refuses connections; is the endpoint running on this port?` };
  }
  if (unreachable.has(code)) return { class: 'refused', detail: `${host} cannot be reached (${code}).` };
  if (code === 'ETIMEDOUT') return networkTimeout(host, phase);
  if (closed.has(code)) {
    return {
      class: phase === 'tls' ? 'tls' : 'reset',
      detail: `${host} closed the connection ${closedWhen[phase]}${phase === 'headers' && maySpeakTls ? tlsHint : ''}.`,
    };
  }
  const tls = tlsFailure(code, error.message, host);
  if (tls !== null) return { class: 'tls', detail: tls };
  const unknown = phase === 'headers' || phase === 'body' ? 'reset' : 'refused';
  return { class: unknown, detail: `The connection with ${host} failed (${code || error.message}).` };
}

/** HAProxy, Node and Java close without a word where they are asked in plain HTTP on a port of HTTPS. */
const tlsHint = '; if it speaks HTTPS on this port, the URL must begin with https://';

const closedWhen: Readonly<Record<Phase, string>> = {
  waiting: 'before the request was sent',
  lookup: 'before the request was sent',
  connect: 'before the request was sent',
  tls: 'in the middle of the TLS handshake; look in its log, and whether this port speaks TLS',
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

/** Why bytes that came cannot be read as an answer. */
export function unreadable(problem: AnswerProblem, host: string): SendError {
  if (problem === 'head_too_large') {
    return { class: 'too_large', detail: `${host} answered more than 64 KiB of headers.` };
  }
  return { class: 'invalid_response', detail: `${host} ${problemWords[problem]}.` };
}

const problemWords: Readonly<Record<Exclude<AnswerProblem, 'head_too_large'>, string>> = {
  tls: 'speaks TLS on this port; should the URL begin with https:// ?',
  http2: 'speaks HTTP/2 only on this port; let it speak HTTP/1.1 too',
  not_http: 'answered something that is not HTTP/1.1',
  version: 'answered with a status line that is not of HTTP/1.1',
  header: 'answered with a line among its headers that has no colon',
  chunk: 'answered with a body in chunks whose marks cannot be read',
  upgrade: 'answered 101 (another protocol), which was not asked for',
  informational: 'sent one 1xx answer after another instead of a final one',
};
