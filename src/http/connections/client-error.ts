import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { HookwireError } from '../../core/errors.ts';
import { problemOf, problemType } from '../answers/problem.ts';

/** Answers what Node could not read as HTTP: there is no request yet, only a socket. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy(error);
    return;
  }
  answerOnSocket(socket, describe(error.code));
}

/** Answers a CONNECT, which Node hands over as a bare socket. */
export function answerConnect(socket: Duplex): void {
  // Whoever is gone by now needs no answer.
  socket.once('error', () => socket.destroy());
  answerOnSocket(
    socket,
    new HookwireError('invalid_request', 'The gateway is no proxy: it takes no CONNECT.'),
  );
  socket.once('finish', () => socket.destroy());
}

function answerOnSocket(socket: Duplex, error: HookwireError): void {
  const problem = problemOf(error);
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n` +
      `content-type: ${problemType}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

function describe(code: string | undefined): HookwireError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new HookwireError('headers_too_large', "The request's headers have more than 16 KiB.");
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new HookwireError('request_timeout', 'The request did not arrive in time.');
  }
  return new HookwireError('invalid_request', 'The request is not HTTP/1.1.');
}
