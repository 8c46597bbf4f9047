import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

/** What a test's proxy does with a request to connect. */
export type ProxyMood =
  /** Connects, and passes bytes on. */
  | 'open'
  /** Says nothing. */
  | 'silent'
  /** Closes the connection. */
  | 'close'
  /** Sends these bytes. */
  | { readonly answer: string };

/** A request as the proxy got it. */
export interface AskedOfProxy {
  readonly method: string;
  /** `192.0.2.1:443` */
  readonly target: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A real proxy on 127.0.0.1. */
export interface TestProxy extends AsyncDisposable {
  readonly port: number;
  /** Every `CONNECT`, in order. */
  readonly asked: readonly AskedOfProxy[];
  /** Resolves when there were so many. */
  askedOften(times: number): Promise<void>;
  /** Resolves when so many tunnels have been closed. */
  tunnelsOver(times: number): Promise<void>;
  /** Resolves when so many other requests have come. */
  probedOften(times: number): Promise<void>;
  /** Resolves when whoever made so many of them has closed its connection. */
  probesOver(times: number): Promise<void>;
}

/**
 * @param mood for each `CONNECT`, by its target
 * @param probe what other requests are answered
 */
export async function createProxy(
  mood: (target: string) => ProxyMood = () => 'open',
  options: {
    readonly tls?: { readonly key: string; readonly cert: string };
    readonly probe?: ProxyMood;
  } = {},
): Promise<TestProxy> {
  const sockets = new Set<Socket>();
  const asked: AskedOfProxy[] = [];
  let probed = 0;
  let over = 0;
  let closedTunnels = 0;
  const waiting: { readonly isDone: () => boolean; readonly done: () => void }[] = [];

  function look(): void {
    for (const one of waiting) if (one.isDone()) one.done();
  }

  function until(isDone: () => boolean): Promise<void> {
    return new Promise((done) => {
      waiting.push({ isDone, done });
      look();
    });
  }

  function keep(socket: Socket): void {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  }

  function act(socket: Socket, what: ProxyMood, target: string, rest: Buffer): void {
    if (what === 'silent') return;
    if (what === 'close') socket.destroy();
    else if (what === 'open') {
      const end = target.lastIndexOf(':');
      const host = target.slice(0, end).replace(/^\[|\]$/g, '');
      const onward = connect({ host, port: Number(target.slice(end + 1)) });
      keep(onward);
      onward.on('connect', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        if (rest.length > 0) onward.write(rest);
        socket.pipe(onward).pipe(socket);
      });
      onward.on('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n'));
      onward.on('close', () => socket.destroy());
      socket.on('close', () => {
        onward.destroy();
        closedTunnels++;
        look();
      });
    } else socket.write(what.answer, 'latin1');
  }

  function serve(socket: Socket): void {
    keep(socket);
    let received = Buffer.alloc(0);
    const read = (bytes: Buffer): void => {
      received = Buffer.concat([received, bytes]);
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) return;
      socket.removeListener('data', read);
      const [first = '', ...lines] = received.toString('latin1', 0, end).split('\r\n');
      const [method = '', target = ''] = first.split(' ');
      const headers = Object.fromEntries(
        lines.map((line) => [line.split(':')[0]?.toLowerCase(), line.replace(/^[^:]*:\s*/, '')]),
      );
      if (method === 'CONNECT') {
        asked.push({ method, target, headers });
        act(socket, mood(target), target, received.subarray(end + 4));
      } else {
        probed++;
        socket.on('close', () => {
          over++;
          look();
        });
        act(socket, options.probe ?? { answer: 'HTTP/1.1 400 Bad Request\r\n\r\n' }, target, Buffer.alloc(0));
      }
      look();
    };
    socket.on('data', read);
  }

  const server = options.tls ? createTlsServer(options.tls, serve) : createServer(serve);
  server.on('connection', keep);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    askedOften: (times) => until(() => asked.length >= times),
    tunnelsOver: (times) => until(() => closedTunnels >= times),
    probedOften: (times) => until(() => probed >= times),
    probesOver: (times) => until(() => over >= times),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
