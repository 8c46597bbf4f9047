import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { connect as connectTcp, isIPv6, type Socket as TcpSocket } from 'node:net';
import type { NameServer } from '../../config/parsers.ts';
import { encodeQuestion, type NameQuestion, type ReadMessage, readAnswer } from './message.ts';

/** What became of a question at one server. */
export type Heard =
  | Exclude<ReadMessage, { kind: 'foreign' | 'truncated' }>
  /** Nothing listens there, or there is no way to it. */
  | { readonly kind: 'unreachable' }
  /** The machine had no descriptor or no memory for it. */
  | { readonly kind: 'short'; readonly error: Error };

/** Questions that are under way: to one server, or to one after the other until there is an answer or no time. */
export interface Inquiry {
  /** Hears nothing more. */
  close(): void;
}

/** An answer of a thousand addresses has so many bytes. One that is longer is nobody's who is to be called. */
const mostTcpBytes = 16_384;

/**
 * Asks one server, over a UDP socket with a port of its own (which, with the id, is what a forger would have to guess), and
 * over TCP what does not fit there. Silence is not told: whoever asked knows how long to wait.
 *
 * @param onHeard called once for each question at most
 */
export function askServer(
  server: NameServer,
  questions: readonly NameQuestion[],
  overTcp: boolean,
  onHeard: (question: NameQuestion, heard: Heard) => void,
): Inquiry {
  const open = new Map(questions.map((question) => [question.id, question]));
  const streams = new Set<TcpSocket>();
  let udp: UdpSocket | null = null;

  function settle(question: NameQuestion, heard: Heard): void {
    if (!open.delete(question.id)) return;
    if (open.size === 0) close();
    onHeard(question, heard);
  }

  function close(): void {
    open.clear();
    udp?.close();
    udp = null;
    for (const stream of streams) stream.destroy();
    streams.clear();
  }

  function fail(error: Error): void {
    for (const question of [...open.values()]) settle(question, failed(error));
  }

  function askByTcp(question: NameQuestion): void {
    const stream = connectTcp({ host: server.address, port: server.port });
    streams.add(stream);
    let received = Buffer.alloc(0);
    stream.on('error', (error) => settle(question, failed(error)));
    stream.on('close', () => settle(question, { kind: 'unreadable' }));
    stream.on('connect', () => {
      const message = encodeQuestion(question, true);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(message.length);
      stream.end(Buffer.concat([length, message]));
    });
    stream.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2) return;
      const length = received.readUInt16BE(0);
      if (length > mostTcpBytes) settle(question, { kind: 'unreadable' });
      else if (received.length >= length + 2) {
        const read = readAnswer(received.subarray(2, length + 2), question);
        const isAnswer = read.kind !== 'foreign' && read.kind !== 'truncated';
        settle(question, isAnswer ? read : { kind: 'unreadable' });
      } else return;
      stream.destroy();
    });
  }

  function askByUdp(): void {
    const socket = createSocket({
      type: isIPv6(server.address.split('%', 1)[0] ?? '') ? 'udp6' : 'udp4',
      // It is an address, so there is nothing to look up.
      lookup: (address, _options, callback) => callback(null, address, isIPv6(address) ? 6 : 4),
    });
    udp = socket;
    /** Those that were asked without EDNS, since the server did not understand it. */
    const plain = new Set<NameQuestion>();
    // That nothing listens there may be told by the next send instead of the socket.
    const send = (question: NameQuestion): void =>
      socket.send(encodeQuestion(question, !plain.has(question)), (error) => {
        if (error) fail(error);
      });

    socket.on('error', fail);
    socket.on('connect', () => {
      for (const question of open.values()) send(question);
    });
    socket.on('message', (message) => {
      const question = message.length < 2 ? undefined : open.get(message.readUInt16BE(0));
      if (!question) return;
      const read = readAnswer(message, question);
      switch (read.kind) {
        case 'foreign':
          return;
        case 'truncated':
          askByTcp(question);
          return;
        case 'refused':
          if (!['FORMERR', 'NOTIMP', 'BADVERS'].includes(read.code) || plain.has(question)) break;
          plain.add(question);
          send(question);
          return;
      }
      settle(question, read);
    });
    // A connected socket hears from this server alone, and hears when nothing listens there.
    socket.connect(server.port, server.address);
  }

  if (overTcp) for (const question of questions) askByTcp(question);
  else askByUdp();
  return { close };
}

const shortCodes = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS']);

function failed(error: Error): Heard {
  return shortCodes.has((error as NodeJS.ErrnoException).code ?? '')
    ? { kind: 'short', error }
    : { kind: 'unreachable' };
}
