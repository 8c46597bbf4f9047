import { once } from 'node:events';
import { request as nodeRequest } from 'node:http';
import { createServer, type Socket } from 'node:net';
import fc from 'fast-check';
import { Client } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../core/clock.ts';
import { createGuard } from '../guard/guard.ts';
import { createSender, type Sender } from './sender.ts';

/** What a client made of an answer; `null` where it failed. */
type Read = { readonly status: number; readonly body: string } | null;

/**
 * The same bytes to three clients: whatever undici or `node:http` can read, the gateway reads alike; where it reads more
 * than both, that is one of the things that curl takes (see `answer-reader.ts`).
 */
describe('beside undici and node:http', () => {
  let bytes = Buffer.alloc(0);
  let pieces: readonly number[] = [];
  let origin = '';
  let sender: Sender;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    socket.once('data', () => writeInPieces(socket, bytes, pieces));
  });

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    sender = createSender({ guard: createGuard({ allowNetworks: ['127.0.0.0/8'] }), clock: systemClock });
  });
  afterAll(async () => {
    await sender.destroy();
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });

  async function ours(): Promise<Read> {
    const channel = sender.open(origin, { connections: 1 });
    const result = await channel.send({ method: 'GET', origin, path: '/', headers: [], body: null }, 30_000);
    await channel.destroy();
    if (result.statusCode === null || (result.error && result.error.class !== 'redirect')) return null;
    return { status: result.statusCode, body: result.body.toString('latin1') };
  }

  async function undici(): Promise<Read> {
    const client = new Client(origin);
    try {
      const { statusCode, body } = await client.request({ method: 'GET', path: '/' });
      return { status: statusCode, body: Buffer.from(await body.arrayBuffer()).toString('latin1') };
    } catch {
      return null;
    } finally {
      await client.destroy();
    }
  }

  function node(): Promise<Read> {
    return new Promise((resolve) => {
      const request = nodeRequest(origin, { agent: false }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part) => parts.push(part));
        response.on('error', () => resolve(null));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(parts).toString('latin1'),
          }),
        );
      });
      request.on('upgrade', (_response, socket) => {
        socket.destroy();
        resolve(null);
      });
      request.on('error', () => resolve(null));
      request.end();
    });
  }

  it('reads what they read, and what curl takes besides', async () => {
    await fc.assert(
      fc.asyncProperty(
        answers,
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 6 }),
        async (text, sizes) => {
          bytes = Buffer.from(text, 'latin1');
          pieces = sizes;
          const [own, ...others] = await Promise.all([ours(), undici(), node()]);
          const read = others.filter((other) => other !== null);
          if (read.length > 0) expect(read).toContainEqual(own);
          if (own !== null && read.length === 0)
            expect(sloppy.some(([, where]) => where.test(text))).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });
});

function writeInPieces(socket: Socket, bytes: Buffer, sizes: readonly number[]): void {
  let at = 0;
  for (const size of sizes) {
    socket.write(bytes.subarray(at, at + size));
    at += size;
  }
  socket.end(bytes.subarray(at));
}

const eol = fc.constantFrom('\r\n', '\r\n', '\r\n', '\n');
const statusLine = fc.constantFrom(
  'HTTP/1.1 200 OK',
  'HTTP/1.1 200 OK',
  'HTTP/1.1 204 No Content',
  'HTTP/1.1 500 Oops',
  'HTTP/1.1 302 Found',
  'HTTP/1.0 200 OK',
  'HTTP/1.1 200',
  'HTTP/1.1 299 Not\tplain \xe9',
  'HTTP/1.1  200 OK',
  'HTTP/1.2 200 OK',
  'HTTP/2 200 OK',
  'http/1.1 200 OK',
  'HTTP/1.1 2x0 OK',
  'ICY 200 OK',
);
const header = fc.constantFrom(
  'Content-Length: 5',
  'Content-Length: 5',
  'Content-Length: 3',
  'Content-Length: x',
  'Content-Length:5',
  'Content-Length : 5',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: identity',
  'Connection: close',
  'Connection: keep-alive',
  'Keep-Alive: timeout=5',
  'X-Plain: value',
  'X-Control: a\x07b',
  'X-Folded: a\r\n b',
  ': nameless',
  'no colon',
  'X-Latin: \xe9',
);
const body = fc.constantFrom(
  'hello',
  'hello',
  '',
  'hello world',
  '5\r\nhello\r\n0\r\n\r\n',
  '5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n',
  '2\nhe\n3\nllo\n0\n\n',
  '5\r\nhello\r\n',
  'zz\r\nhello\r\n0\r\n\r\n',
);
const before = fc.constantFrom(
  '',
  '',
  '',
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n',
  '\r\n',
);
const answers = fc
  .tuple(before, statusLine, fc.array(header, { maxLength: 4 }), body, eol)
  .map(([first, status, headers, content, end]) => [first + status, ...headers, '', content].join(end));

/** What curl takes and both others refuse: the differences that are wanted. */
const sloppy: readonly (readonly [what: string, where: RegExp])[] = [
  ['an unasked 100', /HTTP\/1\.1 100/],
  ['blank lines first', /^\s/],
  ['folded headers', /\n[ \t]/],
  ['lines that end in LF', /[^\r]\n/],
  ['another version', /HTTP\/2|HTTP\/1\.2|http/],
  ['more than one space', / {2}/],
  ['no reason', /200\r?\n/],
  ['control characters', /X-Control/],
  ['a space before the colon', /Content-Length : /],
  ['a length that is none', /Content-Length: x/],
  ['a header without a name', /\n: /],
  ['several lengths', /Content-Length:[\s\S]*Content-Length:/],
  ['length and chunks', /Content-Length[\s\S]*Transfer-Encoding|Transfer-Encoding[\s\S]*Content-Length/],
  ['several codings', /Transfer-Encoding[\s\S]*Transfer-Encoding/],
  ['a last chunk without a blank line', /chunked/],
  ['no coding at all', /identity/],
  ['a body that is cut behind a status that refuses', /HTTP\S+\s+[345]/],
];
