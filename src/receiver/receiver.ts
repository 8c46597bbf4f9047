import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { type Clock, systemClock } from '../core/clock.ts';
import type { EndpointAnswer } from './answer.ts';
import { giveAnswer } from './give-answer.ts';

/** One request exactly as it arrived. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query as they came on the wire. */
  readonly path: string;
  /** Flat name, value, name, value … in the order of arrival. */
  readonly rawHeaders: readonly string[];
  /** By lower-case name; repeated headers are joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** When the whole body was there, ms since the Unix epoch. */
  readonly arrivedAt: number;
  /** Counts connections from 1: requests with the same number came over the same one. */
  readonly socketId: number;
  /** What it is answered. */
  readonly answer: EndpointAnswer;
}

/** A list of answers, one request after another (the last repeats), or a function of the request. */
export type Script =
  | readonly EndpointAnswer[]
  | ((request: Omit<ReceivedRequest, 'answer'>) => EndpointAnswer);

export interface ReceiverOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default: 200 to everything. */
  readonly script?: Script;
  /** Serves HTTPS with this certificate (PEM). */
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly clock?: Clock;
  /** Called with every request before it is answered. */
  readonly onRequest?: (request: ReceivedRequest) => void;
  readonly onSocketClose?: (socketId: number) => void;
}

/** A local endpoint that takes webhooks and answers by a script. */
export interface RunningReceiver extends AsyncDisposable {
  /** Scheme, host and port: `http://127.0.0.1:40001` */
  readonly url: string;
  /** Replaces the script; the next request gets its first answer. */
  play(script: Script): void;
  /** Closes connections that carry no request at the moment. */
  closeIdleConnections(): void;
  /** Stops listening and cuts every connection. */
  close(): Promise<void>;
}

/** Starts a receiver; resolves when it listens, rejects when it cannot (the port is taken). */
export async function startReceiver(options: ReceiverOptions = {}): Promise<RunningReceiver> {
  const { host = '127.0.0.1', port = 0, tls, clock = systemClock, onRequest, onSocketClose } = options;
  let nextAnswer = playing(options.script ?? [200]);
  const socketIds = new Map<Socket, number>();
  let connections = 0;

  const listener: RequestListener = async (request, response) => {
    const socketId = socketIds.get(request.socket) ?? 0;
    const body = await readBody(request);
    if (!body) return;
    const unanswered = { ...describe(request, body), arrivedAt: clock.now(), socketId };
    const answer = nextAnswer(unanswered);
    onRequest?.({ ...unanswered, answer });
    giveAnswer(answer, response, clock);
  };

  const server: Server = tls ? createTlsServer(tls, listener) : createServer(listener);
  server.keepAliveTimeout = 0;
  server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => {
    const id = ++connections;
    socketIds.set(socket, id);
    socket.on('error', () => {});
    socket.on('close', () => {
      socketIds.delete(socket);
      onSocketClose?.(id);
    });
  });
  await listen(server, port, host);
  const { port: boundPort } = server.address() as AddressInfo;

  async function close() {
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of socketIds.keys()) socket.destroy();
    server.closeAllConnections();
    await closed;
  }
  return {
    url: `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${boundPort}`,
    play(script) {
      nextAnswer = playing(script);
    },
    closeIdleConnections: () => server.closeIdleConnections(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function playing(script: Script): (request: Omit<ReceivedRequest, 'answer'>) => EndpointAnswer {
  if (typeof script === 'function') return script;
  let turn = 0;
  return () => script[turn++] ?? script.at(-1) ?? 200;
}

function describe(request: IncomingMessage, body: Buffer) {
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(request.headersDistinct))
    headers[name] = (values ?? []).join(', ');
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    rawHeaders: request.rawHeaders,
    headers,
    body,
  };
}

/** The whole body, or `null` when the sender went away in the middle. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    return Buffer.concat(chunks);
  } catch {
    return null;
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
