import { once } from 'node:events';
import { createServer as createHttp2Server, createSecureServer } from 'node:http2';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { createGuard } from '../../src/delivery/guard/guard.ts';
import { createSender, type RequestSender } from '../../src/delivery/send/sender.ts';
import { selfSigned } from '../../src/testing/receiver/certificates.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return (server.address() as AddressInfo).port;
}

function openSender(): RequestSender {
  const guard = createGuard({ allowNetworks: ['127.0.0.0/8'] });
  const sender = createSender({ guard, clock: systemClock, ca: selfSigned.cert });
  closing.push(() => sender.destroy());
  return sender;
}

function poster(sender: RequestSender, origin: string) {
  const channel = sender.open(origin, { connections: 1 });
  const request = { method: 'POST', origin, path: '/', headers: [], body: '{"a":1}' } as const;
  return () => channel.send(request, 10_000);
}

interface Handshake {
  readonly version: string | null;
  readonly isResumed: boolean;
}

/** A server of TLS that answers every request with these bytes and then closes. */
async function answering(answer: string, options: TlsOptions, seen: Handshake[] = []) {
  const server = createTlsServer({ ...selfSigned, ...options }, (socket) => {
    seen.push({ version: socket.getProtocol(), isResumed: socket.isSessionReused() });
    socket.on('error', () => {});
    socket.on('data', () => socket.end(answer));
  });
  return { server, port: await listen(server) };
}

const closed = 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok';

describe('an endpoint with TLS', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('of %s only has its sessions resumed', async (version) => {
    const seen: Handshake[] = [];
    const options = { minVersion: version, maxVersion: version };
    const { port } = await answering(closed, options, seen);
    const post = poster(openSender(), `https://127.0.0.1:${port}`);
    for (let i = 0; i < 3; i++) expect(await post()).toMatchObject({ statusCode: 200, error: null });
    expect(new Set(seen.map((handshake) => handshake.version))).toEqual(new Set([version]));
    expect(seen.map(({ isResumed }) => isResumed)).toEqual([false, true, true]);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'of %s that has forgotten the sessions, as after its restart, gets new ones',
    async (version) => {
      const seen: Handshake[] = [];
      const { server, port } = await answering(closed, { minVersion: version, maxVersion: version }, seen);
      const post = poster(openSender(), `https://127.0.0.1:${port}`);
      await post();
      server.setTicketKeys(Buffer.alloc(48, 7));
      for (let i = 0; i < 2; i++) expect(await post()).toMatchObject({ statusCode: 200, error: null });
      expect(seen.map(({ isResumed }) => isResumed)).toEqual([false, false, true]);
    },
  );

  it('that ends the connection without saying so in TLS (close_notify) has ended its answer', async () => {
    const { port } = await answering(closed, { maxVersion: 'TLSv1.2' });
    const post = poster(openSender(), `https://127.0.0.1:${await listen(withoutAlerts(port))}`);
    for (let i = 0; i < 3; i++) {
      const result = await post();
      expect(result).toMatchObject({ statusCode: 200, error: null, resent: false });
      expect(result.body.toString()).toBe('ok');
    }
  });

  it('that closes it in the middle of its answer has not taken the report', async () => {
    const { port } = await answering('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok', {
      maxVersion: 'TLSv1.2',
    });
    const post = poster(openSender(), `https://127.0.0.1:${await listen(withoutAlerts(port))}`);
    expect(await post()).toMatchObject({ statusCode: 200, error: { class: 'reset' } });
  });
});

/** A way to a port on which no alert of TLS comes back. With TLS 1.2 the type of a record is to be seen. */
function withoutAlerts(port: number): Server {
  return createServer((socket) => {
    const upstream = connect(port, '127.0.0.1');
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
    socket.pipe(upstream);
    let bytes = Buffer.alloc(0);
    upstream.on('data', (more: Buffer) => {
      bytes = Buffer.concat([bytes, more]);
      while (bytes.length >= 5 && bytes.length >= 5 + bytes.readUInt16BE(3)) {
        const record = bytes.subarray(0, 5 + bytes.readUInt16BE(3));
        if (record[0] !== 0x15) socket.write(record);
        bytes = bytes.subarray(record.length);
      }
    });
    upstream.on('end', () => socket.end());
  });
}

describe('an endpoint that speaks HTTP/2 only', () => {
  it('is told by TLS that it must speak HTTP/1.1', async () => {
    const port = await listen(createSecureServer({ ...selfSigned, allowHTTP1: false }));
    const { statusCode, error } = await poster(openSender(), `https://127.0.0.1:${port}`)();
    expect(statusCode).toBeNull();
    expect(error).toEqual({
      class: 'tls',
      detail: `127.0.0.1:${port} takes no HTTP/1.1 on this port (ALPN), perhaps only HTTP/2; let it speak HTTP/1.1 too.`,
    });
  });

  it('is told by its first bytes without TLS', async () => {
    const port = await listen(createHttp2Server());
    const { statusCode, error } = await poster(openSender(), `http://127.0.0.1:${port}`)();
    expect(statusCode).toBeNull();
    expect(error).toEqual({
      class: 'invalid_response',
      detail: `127.0.0.1:${port} speaks HTTP/2 only on this port; let it speak HTTP/1.1 too.`,
    });
  });
});
