import { describe, expect, it } from 'vitest';
import { arrivals } from '../../testing/arrivals.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import { ample, request, stageSending } from '../testing/sending.ts';

const { answering, open, rawServer, receive } = stageSending();

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
          await arrivals();
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
        await arrivals();
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
    await arrivals();
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
      elapsed: () => now,
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
