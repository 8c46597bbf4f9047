import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { blockedHostDetail } from '../../core/blocked-host.ts';
import { systemClock } from '../../core/clock.ts';
import type { RenderedRequest } from '../../rendering/request.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import { startRawServer } from '../../testing/raw-server.ts';
import { expired, selfSigned } from '../../testing/receiver/certificates.ts';
import { createReceiver } from '../../testing/receiver/receiver.ts';
import { turns } from '../../testing/turns.ts';
import { createGuard } from '../guard/guard.ts';
import { LookupTurnError, NameError } from '../names/name-error.ts';
import type { Names, Resolution } from '../names/names.ts';
import { type Resolve, standInNames } from '../names/stand-in.ts';
import { createSender, type SenderOptions } from './sender.ts';

const everyNameIsLocal: Resolve = (_name, _options, callback) =>
  callback(null, [{ address: '127.0.0.1', family: 4 }]);

interface Setup extends Partial<Omit<SenderOptions, 'guard'>> {
  readonly allowNetworks?: readonly string[];
  readonly resolve?: Resolve;
  readonly connections?: number;
}

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

function open(origin: string, setup: Setup = {}) {
  const { allowNetworks = ['127.0.0.0/8'], resolve = everyNameIsLocal, connections = 1, ...options } = setup;
  const sender = createSender({
    clock: systemClock,
    ...options,
    guard: createGuard({ allowNetworks, names: standInNames(resolve) }),
  });
  opened.push(sender);
  return sender.open(origin, { connections });
}

function request(origin: string, change: Partial<RenderedRequest> = {}): RenderedRequest {
  return { method: 'POST', origin, path: '/hook', headers: ['X-Tenant', '42'], body: '{"a":1}', ...change };
}

async function receive(...options: Parameters<typeof createReceiver>) {
  const receiver = await createReceiver(...options);
  opened.push(receiver);
  return receiver;
}

async function rawServer(serve: (socket: Socket) => void) {
  const server = await startRawServer(serve);
  opened.push(server);
  return server;
}

/** A deadline that nothing here comes to, however busy the machine is. */
const ample = 60_000;

/** A server that answers every request with these bytes. */
const answering = (bytes: string) => rawServer((socket) => socket.on('data', () => socket.write(bytes)));

describe('an exchange', () => {
  it('sends the request as it is rendered and returns the answer as it came', async () => {
    const answer = {
      status: 207,
      headers: { 'X-Reply': 'Yes', 'retry-after': '7' },
      body: Buffer.from([0, 255, 10]),
    };
    const receiver = await receive([answer]);
    const channel = open(receiver.url);
    const result = await channel.send(request(receiver.url, { path: '/a?b=%2B+c' }), ample);
    expect(result).toMatchObject({
      statusCode: 207,
      retryAfter: '7',
      truncated: false,
      error: null,
      resent: false,
    });
    expect(result.body).toEqual(answer.body);
    expect(result.headers).toContainEqual(['X-Reply', 'Yes']);
    expect(result.durationMs).toBeGreaterThanOrEqual(0);
    const received = await receiver.next();
    expect(received).toMatchObject({ method: 'POST', path: '/a?b=%2B+c' });
    expect(received.rawHeaders).toEqual([
      'host',
      new URL(receiver.url).host,
      'connection',
      'keep-alive',
      'X-Tenant',
      '42',
      'content-length',
      '7',
    ]);
    expect(received.body.toString()).toBe('{"a":1}');
  });

  it('sends a GET without a body', async () => {
    const receiver = await receive([204]);
    const result = await open(receiver.url).send(request(receiver.url, { method: 'GET', body: null }), ample);
    expect(result).toMatchObject({ statusCode: 204, error: null });
    expect((await receiver.next()).headers).not.toHaveProperty('content-length');
  });

  it('measures with the clock it is given', async () => {
    const clock = createManualClock(1_000_000);
    const receiver = await receive({ script: ['timeout'] });
    const sent = open(receiver.url, { clock }).send(request(receiver.url), 3000);
    await receiver.next();
    clock.advance(3000);
    expect(await sent).toMatchObject({ startedAt: 1_000_000, durationMs: 3000 });
    expect(clock.waiting).toBe(0);
  });

  it('reads an answer that comes in pieces', async () => {
    const server = await rawServer((socket) => {
      socket.on('data', async () => {
        for (const piece of ['HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nab', 'cd', 'ef']) {
          socket.write(piece);
          await turns();
        }
      });
    });
    const result = await open(server.url).send(request(server.url), ample);
    expect(result).toMatchObject({ error: null, statusCode: 200 });
    expect(result.body.toString()).toBe('abcdef');
  });

  it('skips a few informational answers', async () => {
    const hint = 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n';
    const server = await answering(`${hint}${hint}HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok`);
    const result = await open(server.url).send(request(server.url), ample);
    expect(result).toMatchObject({ statusCode: 200, error: null });
  });

  it('takes the end of the connection as the end of a body without length', async () => {
    const server = await rawServer((socket) =>
      socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\n\r\nall')),
    );
    const result = await open(server.url).send(request(server.url), ample);
    expect(result.error).toBeNull();
    expect(result.body.toString()).toBe('all');
  });

  it('says that a request cannot be sent, and sends nothing', async () => {
    const receiver = await receive();
    const channel = open(receiver.url);
    const result = await channel.send(request(receiver.url, { headers: ['X-Bad', 'a\r\nb: c'] }), ample);
    expect(result.error?.class).toBe('render');
    expect((await channel.send(request(receiver.url), ample)).statusCode).toBe(200);
    expect(receiver.requests).toHaveLength(1);
  });
});

describe('a misbehaving endpoint', () => {
  it.each([
    ['timeout', 'timeout_headers', null],
    ['drip', 'timeout_body', 200],
    ['half', 'reset', 200],
    ['reset', 'reset', null],
    ['close', 'reset', null],
    ['garbage', 'invalid_response', null],
    ['informational', 'invalid_response', null],
    ['huge-headers', 'too_large', null],
  ] as const)(
    'that plays "%s" ends as %s, with its connection closed',
    async (script, errorClass, statusCode) => {
      const clock = createManualClock();
      const receiver = await receive([script]);
      const sent = open(receiver.url, { clock }).send(request(receiver.url), 150);
      await receiver.next();
      if (errorClass.startsWith('timeout')) {
        await turns();
        clock.advance(150);
      }
      const result = await sent;
      expect(result.error?.class).toBe(errorClass);
      expect(result.error?.detail).toMatch(/^127\.0\.0\.1:\d+ .+\.$/);
      expect(result.statusCode).toBe(statusCode);
      expect(result.resent).toBe(false);
      await receiver.socketClosed(1);
      expect(receiver.requests).toHaveLength(1);
    },
  );

  it('gets its endless body read up to the limit and no further: the status has been read', async () => {
    const receiver = await receive(['endless']);
    const result = await open(receiver.url).send(request(receiver.url), ample);
    expect(result).toMatchObject({ statusCode: 200, truncated: true, error: null });
    expect(result.body.length).toBe(65_536);
    await receiver.socketClosed(1);
  });

  it('may fill the limit exactly', async () => {
    const receiver = await receive([
      { status: 200, body: 'x'.repeat(100) },
      { status: 200, body: 'x'.repeat(101) },
    ]);
    const channel = open(receiver.url, { maxResponseBytes: 100 });
    expect(await channel.send(request(receiver.url), ample)).toMatchObject({ error: null, truncated: false });
    expect(await channel.send(request(receiver.url), ample)).toMatchObject({ error: null, truncated: true });
  });

  it('keeps what it sent before it closed half way', async () => {
    const receiver = await receive(['half']);
    const result = await open(receiver.url).send(request(receiver.url), ample);
    expect(result.body.toString()).toBe('half of it');
    expect(result.error?.detail).toContain('in the middle of its answer');
  });

  it('keeps what it dripped before the deadline', async () => {
    const clock = createManualClock();
    const receiver = await receive(['drip']);
    const sent = open(receiver.url, { clock }).send(request(receiver.url), 150);
    await receiver.next();
    await turns();
    clock.advance(150);
    expect((await sent).body.toString()).toBe('.');
  });

  it.each([
    ['\x15\x03\x03\0\x02\x02\x0a', 'invalid_response'],
    ['\0\0\x12\x04\0\0\0\0\0', 'invalid_response'],
    ['220 mail.example ESMTP ready\r\n', 'invalid_response'],
    ['HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n', 'invalid_response'],
    ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n', 'invalid_response'],
    ['HTTP/1.1 200 OK\r\nbad header\r\n\r\n', 'invalid_response'],
    ['HTTP/9.9 200 OK\r\n\r\n', 'invalid_response'],
  ])('that answers %j has an invalid answer', async (bytes, errorClass) => {
    const server = await answering(bytes);
    const result = await open(server.url).send(request(server.url), ample);
    expect(result.error?.class).toBe(errorClass);
  });

  it('that ends a chunked body early has reset the connection', async () => {
    const bytes = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n';
    const server = await rawServer((socket) => socket.on('data', () => socket.end(bytes)));
    const result = await open(server.url).send(request(server.url), ample);
    expect(result).toMatchObject({ statusCode: 200, error: { class: 'reset' } });
    expect(result.body.toString()).toBe('hello');
  });

  it('does not leave its connection to the next request after a timeout', async () => {
    const receiver = await receive(['timeout', 200]);
    const clock = createManualClock();
    const channel = open(receiver.url, { clock });
    const first = channel.send(request(receiver.url), 50);
    await receiver.next();
    clock.advance(50);
    expect((await first).error?.class).toBe('timeout_headers');
    expect((await channel.send(request(receiver.url), ample)).statusCode).toBe(200);
    expect(receiver.requests.map(({ socketId }) => socketId)).toEqual([1, 2]);
  });
});

describe('a process that stood still', () => {
  /** A clock whose timers ring when the test says so, however late. */
  function sleepyClock() {
    let now = 1_000_000;
    const timers: (() => void)[] = [];
    return {
      now: () => now,
      setTimer(fire: () => void) {
        timers.push(fire);
        return { cancel: () => void timers.splice(timers.indexOf(fire), 1) };
      },
      wakeAfter(ms: number) {
        now += ms;
        for (const fire of timers.splice(0)) fire();
      },
    };
  }

  it('reads the answers that came meanwhile before it judges their deadlines', async () => {
    const clock = sleepyClock();
    const server = await rawServer((socket) =>
      socket.on('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
        // The answer is on its way and nobody has read it.
        clock.wakeAfter(30_000);
      }),
    );
    const result = await open(server.url, { clock }).send(request(server.url), 10_000);
    expect(result).toMatchObject({ statusCode: 200, error: null });
  });

  it('gives what did not come meanwhile another second, and no more', async () => {
    const clock = sleepyClock();
    const asked = Promise.withResolvers<void>();
    const server = await rawServer((socket) => socket.on('data', () => asked.resolve()));
    const sent = open(server.url, { clock }).send(request(server.url), 10_000);
    await asked.promise;
    clock.wakeAfter(30_000);
    await new Promise(setImmediate);
    // Late once more: a process that is always late does not put its deadlines off for ever.
    clock.wakeAfter(5000);
    expect((await sent).error?.class).toBe('timeout_headers');
  });
});

describe('a server that says how long it keeps a connection', () => {
  it('is not asked again on a connection that it is about to close', async () => {
    const receiver = await receive([{ status: 200, headers: { 'keep-alive': 'timeout=1' } }]);
    const channel = open(receiver.url);
    await channel.send(request(receiver.url), ample);
    await receiver.socketClosed(1);
    await channel.send(request(receiver.url), ample);
    expect(receiver.requests.map(({ socketId }) => socketId)).toEqual([1, 2]);
  });
});

describe('a host with a dot at its end', () => {
  it('is called by its name without the dot', async () => {
    const receiver = await receive();
    const origin = `http://hooks.example.:${new URL(receiver.url).port}`;
    await open(origin).send(request(origin), ample);
    expect((await receiver.next()).headers.host).toBe(`hooks.example:${new URL(receiver.url).port}`);
  });

  it('is named without it in the TLS handshake too, and its certificate fits', async () => {
    const named = Promise.withResolvers<string>();
    const server = createTlsServer({
      ...selfSigned,
      SNICallback(name, done) {
        named.resolve(name);
        done(null);
      },
    });
    server.on('secureConnection', (socket) => socket.end('HTTP/1.1 204 No Content\r\n\r\n'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    opened.push({ [Symbol.asyncDispose]: async () => void server.close() });
    const origin = `https://hooks.example.:${(server.address() as AddressInfo).port}`;
    const result = await open(origin, { ca: selfSigned.cert }).send(request(origin), ample);
    expect(result).toMatchObject({ statusCode: 204, error: null });
    expect(await named.promise).toBe('hooks.example');
  });
});

describe('a redirect', () => {
  it('is not followed, and its query is not repeated', async () => {
    const location = 'http://169.254.169.254/latest/meta-data/?token=secret';
    const receiver = await receive([{ status: 302, headers: { location }, body: 'moved' }]);
    const result = await open(receiver.url).send(request(receiver.url), ample);
    expect(result).toMatchObject({ statusCode: 302, error: { class: 'redirect' } });
    expect(result.error?.detail).toContain('302, a redirect to http://169.254.169.254/latest/meta-data/;');
    expect(result.body.toString()).toBe('moved');
    expect(receiver.requests).toHaveLength(1);
  });

  it.each([
    { status: 302 },
    { status: 300, headers: { location: '/a' } },
    { status: 304, headers: { location: '/a' } },
    { status: 305, headers: { location: '/a' } },
    { status: 306, headers: { location: '/a' } },
  ])('is none where it leads nowhere: $status', async (answer) => {
    const receiver = await receive([answer]);
    const result = await open(receiver.url).send(request(receiver.url), ample);
    expect(result).toMatchObject({ statusCode: answer.status, error: null });
  });
});

describe('the connection', () => {
  it('is refused', async () => {
    const receiver = await receive();
    await receiver.close();
    const result = await open(receiver.url).send(request(receiver.url), ample);
    expect(result).toMatchObject({ statusCode: null, error: { class: 'refused' } });
  });

  it('is refused by every address of a name', async () => {
    const { port } = new URL((await receive()).url);
    const resolve: Resolve = (_n, _o, callback) =>
      callback(null, [
        { address: '127.0.0.2', family: 4 },
        { address: '::1', family: 6 },
      ]);
    const origin = `http://hooks.example:${Number(port)}`;
    const channel = open(origin, { resolve, allowNetworks: ['127.0.0.0/8', '::1'] });
    expect((await channel.send(request(origin), ample)).error?.class).toBe('refused');
  });

  it('is made to the next address when the first does not answer', async () => {
    const receiver = await receive();
    const resolve: Resolve = (_n, _o, callback) =>
      callback(null, [
        { address: '127.0.0.2', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ]);
    const origin = `http://hooks.example:${new URL(receiver.url).port}`;
    expect(await open(origin, { resolve }).send(request(origin), ample)).toMatchObject({ statusCode: 200 });
  });

  it('fails when the name is not in DNS', async () => {
    const resolve: Resolve = (_n, _o, callback) =>
      callback(new NameError('There is no hooks.example in DNS (NXDOMAIN).'), []);
    const result = await open('http://hooks.example', { resolve }).send(
      request('http://hooks.example'),
      ample,
    );
    expect(result.error).toEqual({
      class: 'dns',
      detail: 'There is no hooks.example in DNS (NXDOMAIN).',
    });
  });

  it('is not made to a blocked literal address, in any spelling', async () => {
    const receiver = await receive();
    const { port } = new URL(receiver.url);
    for (const host of [
      '127.0.0.1',
      '2130706433',
      '0x7f.1',
      '[::ffff:127.0.0.1]',
      '[::7f00:1]',
      '127.0.0.1.',
    ]) {
      const origin = `http://${host}:${port}`;
      const result = await open(origin, { allowNetworks: [] }).send(request(origin), ample);
      expect(result.error, host).toMatchObject({
        class: 'blocked_address',
        detail: expect.stringContaining('only public addresses'),
      });
    }
    expect(receiver.requests).toHaveLength(0);
  });

  it('is not made to a name that resolves to a blocked address', async () => {
    const receiver = await receive();
    const origin = `http://hooks.example:${new URL(receiver.url).port}`;
    const result = await open(origin, { allowNetworks: [] }).send(request(origin), ample);
    expect(result.error?.class).toBe('blocked_address');
    expect(result.error?.detail).toBe(blockedHostDetail);
    expect(receiver.requests).toHaveLength(0);
  });

  it('goes to an address that was vetted, even when the name changes its answer', async () => {
    const receiver = await receive({ host: '127.0.0.1' });
    const { port } = new URL(receiver.url);
    let asked = 0;
    const resolve: Resolve = (_n, _o, callback) =>
      callback(null, [{ address: asked++ === 0 ? '127.0.0.1' : '127.0.0.9', family: 4 }]);
    const origin = `http://hooks.example:${port}`;
    const result = await open(origin, { resolve, allowNetworks: ['127.0.0.1/32'] }).send(
      request(origin),
      ample,
    );
    expect(result.statusCode).toBe(200);
    expect(asked).toBe(1);
  });

  it('has the deadline over the name’s resolution', async () => {
    const clock = createManualClock();
    const channel = open('http://hooks.example', { clock, resolve: () => {} });
    const sent = channel.send(request('http://hooks.example'), 10_000);
    clock.advance(10_000);
    expect((await sent).error).toEqual({
      class: 'dns',
      detail: 'The name of hooks.example was not found within 10 s: no name server answered for it in time.',
    });
  });

  it('waits for its turn to look the name up, which is nobody’s time', async () => {
    const clock = createManualClock();
    const receiver = await receive({ clock, script: [200] });
    const { port } = new URL(receiver.url);
    const asked = Promise.withResolvers<{ onTurn: () => void; settle: (found: Resolution) => void }>();
    const names: Pick<Names, 'resolve'> = {
      resolve: (_, { onTurn = () => {} }) => new Promise((settle) => asked.resolve({ onTurn, settle })),
    };
    const sender = createSender({ clock, guard: createGuard({ allowNetworks: ['127.0.0.0/8'], names }) });
    opened.push(sender);
    const origin = `http://hooks.example:${port}`;
    const sent = sender.open(origin, { connections: 1 }).send(request(origin), 1_000);
    const { onTurn, settle } = await asked.promise;
    clock.advance(60_000);
    onTurn();
    clock.advance(900);
    settle({ addresses: [{ address: '127.0.0.1', family: 4 }] });
    expect(await sent).toMatchObject({ statusCode: 200, durationMs: 900 });
  });

  it('gives a look-up whose turn never came back, as no attempt', async () => {
    const names: Pick<Names, 'resolve'> = { resolve: async () => ({ error: new LookupTurnError() }) };
    const shortages: string[] = [];
    const sender = createSender({
      clock: systemClock,
      guard: createGuard({ allowNetworks: [], names }),
      onShortage: (of) => void shortages.push(of),
    });
    opened.push(sender);
    const result = await sender
      .open('http://hooks.example', { connections: 1 })
      .send(request('http://hooks.example'), ample);
    expect(result).toMatchObject({ statusCode: null, shortage: 'lookups' });
    expect(shortages).toEqual(['lookups']);
  });

  it('has the deadline over the TLS handshake, and is closed by it', async () => {
    const clock = createManualClock();
    const accepted = Promise.withResolvers<Socket>();
    const server = await rawServer((socket) => accepted.resolve(socket));
    const origin = `https://${server.host}`;
    const sent = open(origin, { clock }).send(request(origin), 500);
    const socket = await accepted.promise;
    const closed = once(socket.resume(), 'close');
    clock.advance(500);
    expect((await sent).error?.class).toBe('timeout_connect');
    await closed;
  });
});

describe('TLS', () => {
  const send = async (tls: typeof expired, host: string, ca?: string) => {
    const receiver = await receive({ tls });
    const origin = `https://${host}:${new URL(receiver.url).port}`;
    return open(origin, ca === undefined ? {} : { ca }).send(request(origin), ample);
  };

  it('is verified against trusted authorities', async () => {
    expect(await send(selfSigned, 'hooks.example', selfSigned.cert)).toMatchObject({
      statusCode: 200,
      error: null,
    });
    expect(await send(selfSigned, '127.0.0.1', selfSigned.cert)).toMatchObject({
      statusCode: 200,
      error: null,
    });
  });

  it('fails for a self-signed certificate', async () => {
    const { error } = await send(selfSigned, 'hooks.example');
    expect(error).toMatchObject({ class: 'tls', detail: expect.stringContaining('is self-signed') });
  });

  it('fails for a certificate of another host, also where a session could be resumed', async () => {
    const receiver = await receive({ tls: selfSigned });
    const origin = `https://other.example:${new URL(receiver.url).port}`;
    const channel = open(origin, { ca: selfSigned.cert });
    for (let i = 0; i < 3; i++) {
      const { error } = await channel.send(request(origin), ample);
      expect(error).toMatchObject({
        class: 'tls',
        detail: expect.stringContaining('not made for other.example'),
      });
    }
    expect(receiver.requests).toHaveLength(0);
  });

  it('fails for an expired certificate', async () => {
    const { error } = await send(expired, 'localhost', expired.cert);
    expect(error).toMatchObject({
      class: 'tls',
      detail: expect.stringMatching(
        /^The certificate of localhost:\d+ has expired, or one that it sends with it; renew it\.$/,
      ),
    });
  });

  it('fails where plain HTTP is spoken', async () => {
    const server = await answering('HTTP/1.1 400 Bad Request\r\n\r\n');
    const origin = `https://${server.host}`;
    const { error } = await open(origin).send(request(origin), ample);
    expect(error).toMatchObject({ class: 'tls', detail: expect.stringContaining('does not speak TLS') });
  });
});
