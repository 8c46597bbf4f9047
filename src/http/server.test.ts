import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { createHttpServer } from './server.ts';
import { createHttpFixture, operatorKey } from './testing/http-fixture.ts';
import type { Burst } from './testing/send-burst.ts';

const request = (path: string, method = 'GET', body = '') =>
  `${method} ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${operatorKey}\r\n` +
  `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;

/** Everything that a socket receives until the other side closes it. */
async function readToEnd(socket: ReturnType<typeof connect>): Promise<string> {
  let text = '';
  socket.on('data', (chunk) => {
    text += String(chunk);
  });
  await once(socket, 'close');
  return text;
}

describe('the server', () => {
  it('listens where it says, and no longer when it is closed', async () => {
    const { services, app } = await createHttpFixture(createManualClock());
    const server = createHttpServer(services);
    const { url } = await server.listen('127.0.0.1', 0);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    await server.close();
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    await app.close();
  });

  it.each([
    [
      'headers beyond 16 KiB',
      `GET / HTTP/1.1\r\nhost: x\r\na: ${'b'.repeat(17_000)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
    ['what is not HTTP', 'hello\r\n\r\n', 400, 'invalid_request'],
  ])('answers %s with a problem too', async (_what, sent, status, code) => {
    const { services, app } = await createHttpFixture(createManualClock());
    const server = createHttpServer(services);
    const { url } = await server.listen('127.0.0.1', 0);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const received = readToEnd(socket);
    socket.write(sent);
    const [head, body] = (await received).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*application/problem\\+json`));
    expect(JSON.parse(body ?? '')).toMatchObject({ status, code });
    await server.close();
    await app.close();
  });

  it('answers what is in flight before it closes, and keeps no connection for more', async () => {
    const { services, app } = await createHttpFixture(createManualClock());
    const arrived = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    Reflect.set(services.events, 'receive', async () => {
      arrived.resolve();
      await finish.promise;
      return {
        accepted: 1,
        duplicates: 0,
        rejected: 0,
        events: [{ id: 'evt_1', result: 'accepted', deliveries: 0 }],
      };
    });
    const server = createHttpServer(services);
    const { url } = await server.listen('127.0.0.1', 0);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const received = readToEnd(socket);
    socket.write(request('/v1/events', 'POST', '{}'));
    await arrived.promise;
    const closed = server.close();
    finish.resolve();
    await closed;
    expect(await received).toMatch(/^HTTP\/1\.1 202 [\s\S]*"accepted":1/);
    await app.close();
  });

  it('does not wait longer than its deadline for a client that holds half a request', async () => {
    const clock = createManualClock();
    const { services, app } = await createHttpFixture(clock);
    const server = createHttpServer(services);
    const { url } = await server.listen('127.0.0.1', 0);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const closed = once(socket, 'close');
    socket.on('error', () => {});
    socket.write(request('/v1/events', 'POST', 'x'.repeat(100)).slice(0, -50));
    // The half request has arrived when a whole one that was sent after it is answered.
    await fetch(`${url}/healthz`);
    const closing = server.close(1_000);
    clock.advance(1_000);
    await Promise.all([closing, closed]);
    await app.close();
  });

  it('takes what was begun on a connection before it closes, and says that nothing follows', async () => {
    const { services, app } = await createHttpFixture(createManualClock());
    const server = createHttpServer(services);
    const { url } = await server.listen('127.0.0.1', 0);
    const late = connect(Number(new URL(url).port), '127.0.0.1');
    const received = readToEnd(late);
    late.write('GET /v1/webhooks HTTP/1.1\r\nhost: x\r\n');
    await once(late, 'ready');
    // The server has read the start of it by the time it answers somebody else.
    await fetch(`${url}/healthz`);
    const closed = server.close();
    late.write(`authorization: Bearer ${operatorKey}\r\n\r\n`);
    expect(await received).toMatch(/^HTTP\/1\.1 200 [\s\S]*connection: close/i);
    await closed;
    await app.close();
  });

  it('tells clients with every answer that their connection ends, and still takes others', async () => {
    const { services, app } = await createHttpFixture(createManualClock());
    const server = createHttpServer(services);
    const { url } = await server.listen('127.0.0.1', 0);
    const kept = connect(Number(new URL(url).port), '127.0.0.1');
    const received = readToEnd(kept);
    kept.write(request('/healthz'));
    await once(kept, 'data');
    let dismissed = false;
    const dismissing = server.dismiss(60_000).then(() => {
      dismissed = true;
    });
    // Every kind of answer: by a route, by nobody's, by the reference that answers by itself, and for what is no HTTP.
    for (const path of ['/readyz', '/nowhere', '/docs/', '/openapi.json']) {
      const answer = await fetch(url + path);
      await answer.text();
      expect(`${path} ${answer.headers.get('connection')}`).toBe(`${path} close`);
    }
    expect(dismissed).toBe(false);
    kept.write(request('/healthz'));
    expect(await received).toMatch(/200 OK[\s\S]*200 OK[\s\S]*connection: close/i);
    await dismissing;
    await server.close();
    await app.close();
  });

  it('answers the connections that the kernel took and nobody had looked at when it closes', async () => {
    const { services, app } = await createHttpFixture(createManualClock());
    const server = createHttpServer(services);
    const { url } = await server.listen('127.0.0.1', 0);
    const port = Number(new URL(url).port);
    const burst: Burst = { port, connections: 400, sent: new Int32Array(new SharedArrayBuffer(4)) };
    const clients = new Worker(new URL('./testing/send-burst.ts', import.meta.url), { workerData: burst });
    const answered = once(clients, 'message');
    await once(clients, 'online');
    // This thread is busy until all have connected and sent.
    for (let sent = 0; sent < burst.connections; sent = Atomics.load(burst.sent, 0)) {
      Atomics.wait(burst.sent, 0, sent, 1_000);
    }
    await server.close();
    expect(await answered).toEqual([burst.connections]);
    await app.close();
  });

  it('does not wait for a connection on which nothing was ever sent', async () => {
    const { services, app } = await createHttpFixture(createManualClock());
    const server = createHttpServer(services);
    const { url } = await server.listen('127.0.0.1', 0);
    const silent = connect(Number(new URL(url).port), '127.0.0.1');
    await once(silent, 'connect');
    // Accepted when somebody who came later is answered.
    await fetch(`${url}/healthz`);
    const gone = once(silent, 'close');
    await Promise.all([server.close(), gone]);
    await app.close();
  });

  it('listens on every address of localhost, and ends what is under way on each', async () => {
    const { services, app } = await createHttpFixture(createManualClock());
    const server = createHttpServer(services);
    const { url } = await server.listen('localhost', 0);
    const { port } = new URL(url);
    const addresses = (await lookup('localhost', { all: true })).map(({ address, family }) =>
      family === 6 ? `[${address}]` : address,
    );
    for (const address of addresses) {
      expect((await fetch(`http://${address}:${port}/healthz`)).status).toBe(200);
    }
    await server.close();
    for (const address of addresses) {
      await expect(fetch(`http://${address}:${port}/healthz`)).rejects.toThrow();
    }
    await app.close();
  });
});
