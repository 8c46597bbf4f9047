import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../core/clock.ts';
import { type EndpointAnswer, type Misbehaviour, type PlainAnswer, plainAnswer } from './answer.ts';

const dripEveryMs = 1000;

/** Answers one request. The request's body has been read. */
export function giveAnswer(answer: EndpointAnswer, response: ServerResponse, clock: Clock): void {
  if (typeof answer === 'string') misbehave(answer, response, clock);
  else answerPlainly(plainAnswer(answer), response, clock);
}

function answerPlainly(
  { status, headers = {}, body = '', delayMs = 0 }: PlainAnswer,
  response: ServerResponse,
  clock: Clock,
): void {
  const send = () => {
    response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers });
    response.end(body);
  };
  if (delayMs <= 0) {
    send();
    return;
  }
  const timer = clock.setTimer(send, delayMs);
  response.on('close', timer.cancel);
}

function misbehave(how: Misbehaviour, response: ServerResponse, clock: Clock): void {
  const socket = response.socket;
  if (!socket) return;
  switch (how) {
    case 'timeout':
      return;
    case 'reset':
      socket.resetAndDestroy();
      return;
    case 'close':
      socket.destroy();
      return;
    case 'half':
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf of it');
      return;
    case 'drip':
      drip(response, clock);
      return;
    case 'endless':
      writeWithoutEnd(socket, 'HTTP/1.1 200 OK\r\n\r\n', 'x'.repeat(16 * 1024));
      return;
    case 'garbage':
      socket.end('220 mail.example ESMTP ready\r\n');
      return;
    case 'huge-headers':
      socket.write(`HTTP/1.1 200 OK\r\nx-huge: ${'x'.repeat(64 * 1024)}\r\ncontent-length: 0\r\n\r\n`);
      return;
    case 'informational':
      writeWithoutEnd(socket, '', 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n');
  }
}

function drip(response: ServerResponse, clock: Clock): void {
  response.writeHead(200, { 'content-type': 'text/plain' });
  response.write('.');
  let timer = clock.setTimer(next, dripEveryMs);
  response.on('close', () => timer.cancel());
  function next() {
    response.write('.');
    timer = clock.setTimer(next, dripEveryMs);
  }
}

/** Writes `head`, then `chunk` over and over, as fast as the other side reads, until it closes. */
function writeWithoutEnd(socket: Socket, head: string, chunk: string): void {
  socket.write(head);
  function more() {
    if (socket.destroyed) return;
    if (socket.write(chunk)) setImmediate(more);
    else socket.once('drain', more);
  }
  more();
}
