import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../core/clock.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import { type RawServer, startRawServer } from '../../testing/raw-server.ts';
import { createGuard } from '../guard/guard.ts';
import { createSender, type SenderOptions } from './sender.ts';

// What servers were seen to do (test/servers/run.ts plays with the real ones), byte by byte.

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

/** A webhook's channel to a server that is told of each request by its number and that of its connection. */
async function setUp(
  serve: (socket: Socket, request: number, connection: number) => void,
  options: Partial<SenderOptions> = {},
) {
  let connections = 0;
  let requests = 0;
  const server: RawServer = await startRawServer((socket) => {
    const connection = ++connections;
    let head = '';
    socket.on('data', (bytes) => {
      head += bytes.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      head = '';
      serve(socket, ++requests, connection);
    });
  });
  const guard = createGuard({ allowNetworks: ['127.0.0.0/8'] });
  const sender = createSender({ guard, clock: systemClock, ...options });
  opened.push(server, sender);
  const origin = server.url;
  const channel = sender.open(origin, { connections: 1 });
  return {
    send: (body: string | null = null) =>
      channel.send({ method: body === null ? 'GET' : 'POST', origin, path: '/', headers: [], body }, 60_000),
    get connections() {
      return connections;
    },
    get requests() {
      return requests;
    },
  };
}

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const tooLarge = 'HTTP/1.1 413 Request Entity Too Large\r\nConnection: close\r\n';
/** More than the kernels of both sides take before anybody reads. */
const huge = 'x'.repeat(32 * 1024 * 1024);

describe('a server that answers before it has read the request', () => {
  it.each([
    ['that it closes', `${tooLarge}\r\n<h1>too large`, '<h1>too large'],
    ['of which it sends a part', `${tooLarge}Content-Length: 500\r\n\r\n<h1>too`, '<h1>too'],
    ['of which it sends the head', `${tooLarge}Content-Length: 500\r\n\r\n`, ''],
    ['in chunks', `${tooLarge}Transfer-Encoding: chunked\r\n\r\n3\r\n<h1\r\n`, '<h1'],
  ])('and resets the connection has answered all the same: a page %s', async (_name, bytes, body) => {
    const { send } = await setUp((socket) => {
      socket.pause();
      socket.write(bytes, () => socket.resetAndDestroy());
    });
    const result = await send(huge);
    expect(result).toMatchObject({ statusCode: 413, error: null, truncated: true, resent: false });
    expect(result.body.toString()).toBe(body);
  });

  it('gets the next one on another connection, since it may not want the rest', async () => {
    const run = await setUp((socket, request) => {
      if (request === 1) socket.pause();
      socket.write(ok);
    });
    expect(await run.send(huge)).toMatchObject({ statusCode: 200, error: null });
    expect(await run.send()).toMatchObject({ statusCode: 200, error: null, resent: false });
    expect(run.connections).toBe(2);
  });

  it('has not taken a report when it resets the connection in the middle of "200 OK"', async () => {
    const { send } = await setUp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok', () => socket.resetAndDestroy());
    });
    expect(await send()).toMatchObject({ statusCode: 200, error: { class: 'reset' } });
  });

  it('has taken it when only the end of the connection can be the end of the answer, and be it a reset', async () => {
    const { send } = await setUp((socket) => {
      socket.write('HTTP/1.0 200 OK\r\n\r\nok', () => socket.resetAndDestroy());
    });
    expect(await send()).toMatchObject({ statusCode: 200, error: null, body: Buffer.from('ok') });
  });
});

describe('a kept connection', () => {
  it('over which a server says by a 408 that it closes it has its request sent once more, on a new one', async () => {
    const run = await setUp((socket, request) => {
      if (request !== 2) socket.write(ok);
      else socket.end('HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    });
    expect(await run.send()).toMatchObject({ statusCode: 200, resent: false });
    expect(await run.send()).toMatchObject({ statusCode: 200, error: null, resent: true });
    expect([run.requests, run.connections]).toEqual([3, 2]);
  });

  it('is replaced also where such a 408 ends with the connection', async () => {
    const run = await setUp((socket, request) => {
      if (request !== 2) socket.write(ok);
      else socket.end('HTTP/1.0 408 Request Time-out\r\nConnection: close\r\n\r\n<h1>408</h1>');
    });
    await run.send();
    expect(await run.send()).toMatchObject({ statusCode: 200, error: null, resent: true });
  });

  it('is not blamed for a 408 on a new one, for one after another, or for one that does not close it', async () => {
    const told = 'HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n';
    const run = await setUp((socket, request) => {
      if (request === 2 || request === 5) socket.write(ok);
      else if (request === 6) socket.write(`${told}\r\n`);
      else socket.end(`${told}Connection: close\r\n\r\n`);
    });
    const results = [];
    for (let i = 0; i < 5; i++) results.push(await run.send());
    expect(results.map(({ statusCode, resent }) => [statusCode, resent])).toEqual([
      [408, false],
      [200, false],
      [408, true],
      [200, false],
      [408, false],
    ]);
    expect(run.requests).toBe(6);
  });

  it.each([
    ['a 204 has a body', 'HTTP/1.1 204 No Content\r\n\r\n', 204, 'ok'],
    ['a body is longer than its length', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', 200, 'ay'],
    ['chunks end twice', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 200, '0\r\n\r\n'],
  ])(
    'does not mix up answers where %s: the endpoint gets no second request over one',
    async (_name, answer, status, rest) => {
      const run = await setUp((socket, request) => {
        // The rest was on its way when the second request came.
        socket.write(request === 2 ? rest + answer : answer);
      });
      const results = [];
      for (let i = 0; i < 4; i++) results.push(await run.send());
      expect(results.map(({ statusCode, resent }) => [statusCode, resent])).toEqual([
        [status, false],
        [status, true],
        [status, false],
        [status, false],
      ]);
      expect([run.requests, run.connections]).toEqual([5, 4]);
    },
  );

  it('is kept behind a 204 and a 304, which have no body and need not say so', async () => {
    const run = await setUp((socket, request) => {
      socket.write(`HTTP/1.1 ${request % 2 ? '204 No Content' : '304 Not Modified'}\r\nServer: x\r\n\r\n`);
    });
    for (let i = 0; i < 4; i++) expect(await run.send()).toMatchObject({ error: null, resent: false });
    expect(run.connections).toBe(1);
  });

  it('is not used once it has carried nothing for as long as it may, though nobody has closed it yet', async () => {
    const run = await setUp((socket) => void socket.write(ok), { idleMs: 0.000_1 });
    await run.send();
    expect(await run.send()).toMatchObject({ statusCode: 200, resent: false });
    expect(run.connections).toBe(2);
  });

  it('serves again where the server keeps it for a second only', async () => {
    const answer = 'HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 2\r\n\r\nok';
    const run = await setUp((socket) => void socket.write(answer));
    await Promise.all([run.send(), run.send(), run.send()]);
    expect(run.connections).toBe(1);
  });
});

it('An answer that neither says how long it is nor ends is told so', async () => {
  // Python's http.server with HTTP/1.1 and no Content-Length.
  const clock = createManualClock();
  const answered = Promise.withResolvers<void>();
  const run = await setUp(
    (socket) =>
      void socket.write('HTTP/1.1 200 OK\r\nServer: BaseHTTP/0.6\r\n\r\n', () => answered.resolve()),
    { clock },
  );
  const sent = run.send();
  await answered.promise;
  // What goes there and back behind it has let it be read.
  await (await setUp((socket) => void socket.write(ok))).send();
  clock.advance(60_000);
  expect((await sent).error).toMatchObject({
    class: 'timeout_body',
    detail: expect.stringMatching(
      /did not finish within 60 s\. The answer does not say how long it is.+send Content-Length\.$/,
    ),
  });
});
