import { once } from 'node:events';
import { request as nodeRequest } from 'node:http';
import { createServer, type Socket } from 'node:net';
import fc from 'fast-check';
import { Client } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../core/clock.ts';
import { createGuard } from '../guard/guard.ts';
import { createSender, type RequestSender } from './sender.ts';

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
  let sender: RequestSender;
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
    const result = await channel.send({ method: 'GET', origin, path: '/', headers: [], body: null }, 60_000);
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
      fc.asyncProperty(answers, pieceSizes, async (text, sizes) => {
        bytes = Buffer.from(text, 'latin1');
        pieces = sizes;
        const [own, ...others] = await Promise.all([ours(), undici(), node()]);
        const read = others.filter((other) => other !== null);
        if (read.some((other) => other.status === own?.status && other.body === own.body)) return;
        if (own === null && read.length === 0) return;
        const wanted = read.length > 0 ? readOtherwise : readAlone;
        if (wanted.some(([, is]) => is(text))) return;
        expect({ text, own }).toEqual({ text, others });
      }),
      { numRuns: Number(process.env.CLIENT_RUNS ?? 300) },
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

/** A few pieces, or bytes one by one. */
const pieceSizes = fc.oneof(
  fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 6 }),
  fc.constant(Array.from({ length: 200 }, () => 1)),
);
const eol = fc.constantFrom('\r\n', '\r\n', '\r\n', '\r\n', '\n');
const statusLine = fc.constantFrom(
  'HTTP/1.1 200 OK',
  'HTTP/1.1 200 OK',
  'HTTP/1.1 200 OK',
  'HTTP/1.1 204 No Content',
  'HTTP/1.1 304 Not Modified',
  'HTTP/1.1 500 Oops',
  'HTTP/1.1 302 Found',
  'HTTP/1.0 200 OK',
  'HTTP/1.1 200',
  'HTTP/1.1 200 ',
  'HTTP/1.1 299 Not\tplain \xe9',
  'HTTP/1.1  200 OK',
  'HTTP/1.1\t200 OK',
  'HTTP/1.1 200OK',
  'HTTP/1.2 200 OK',
  'HTTP/2 200 OK',
  'http/1.1 200 OK',
  'HTTP/1.1 2x0 OK',
  'HTTP/1.1 20 OK',
  'HTTP/1.1 2000 OK',
  'HTTP/1.1 999 What',
  'ICY 200 OK',
);
const framing = fc.constantFrom(
  ...[
    'Content-Length: 5',
    'Content-Length: 5',
    'Content-Length: 3',
    'Content-Length: 0',
    'Content-Length: 50',
  ],
  ...[
    'Content-Length: x',
    'Content-Length:5',
    'Content-Length : 5',
    'Content-Length: 05',
    'Content-Length: +5',
  ],
  ...[
    'Content-Length: -5',
    'Content-Length: 5, 5',
    'Content-Length: 5, 6',
    'Content-Length: 0x5',
    'Content-Length:',
  ],
  ...[
    'Content-Length: 99999999999999999999',
    'Content-Length: 5 5',
    'Content-Length: 5.0',
    'Content-Length: "5"',
  ],
  ...['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked', 'Transfer-Encoding: Chunked'],
  ...[
    'Transfer-Encoding: gzip, chunked',
    'Transfer-Encoding: chunked, chunked',
    'Transfer-Encoding: chunked, gzip',
  ],
  ...[
    'Transfer-Encoding: identity',
    'Transfer-Encoding: identity, chunked',
    'Transfer-Encoding: chunked, identity',
  ],
  ...['Transfer-Encoding: gzip', 'Transfer-Encoding: xchunked', 'Transfer-Encoding: chunked;q=1'],
  ...[
    'Transfer-Encoding:\r\n chunked',
    'Transfer-Encoding : chunked',
    'Transfer-Encoding:',
    'Transfer-Encoding: "chunked"',
  ],
);
const otherHeader = fc.constantFrom(
  'Connection: close',
  'Connection: keep-alive',
  'Connection: upgrade\r\nUpgrade: x',
  'Keep-Alive: timeout=5',
  'Trailer: X-Late',
  'X-Plain: value',
  'X-Control: a\x07b',
  'X-Folded: a\r\n b',
  'X-Folded: a\r\n\tb\r\n  c',
  ': nameless',
  'no colon',
  'X-Latin: \xe9',
  'X Space: a',
  'X-Empty:',
);
const chunk = fc.constantFrom(
  ...[
    '5\r\nhello\r\n',
    '5\r\nhello\r\n',
    '2\nhe\n',
    '5;a=b\r\nhello\r\n',
    '5;a="b;c"\r\nhello\r\n',
    '5 ;a\r\nhello\r\n',
  ],
  ...['5 \r\nhello\r\n', ' 5\r\nhello\r\n', '0005\r\nhello\r\n', 'A\r\n0123456789\r\n', '5;\r\nhello\r\n'],
  ...['zz\r\nhello\r\n', '-5\r\nhello\r\n', '+5\r\nhello\r\n', '0x5\r\nhello\r\n', '\r\nhello\r\n'],
  ...['4\r\nhello\r\n', '6\r\nhello\r\n', '5\r\nhello', '5\nhello\r\n', '5\r\nhello\n', '5\rhello\r\n'],
  ...['ffffffffffffffff\r\nhello\r\n', '100000000000000000\r\nhello\r\n', '5;\x07\r\nhello\r\n'],
);
const lastChunk = fc.constantFrom(
  ...['0\r\n\r\n', '0\r\n\r\n', '0\r\n\r\n', '000\r\n\r\n', '0;a=b\r\n\r\n', '0\n\n', '0\r\n', ''],
  ...[
    '0\r\nX-Late: y\r\n\r\n',
    '0\r\nX-Late: y\r\n z\r\n\r\n',
    '0\r\nno colon\r\n\r\n',
    '0\r\nContent-Length: 9\r\n\r\n',
  ],
);
const body = fc.oneof(
  fc.constantFrom('hello', 'hello', '', 'hell', 'hello world', 'hello\r\n'),
  fc.tuple(fc.array(chunk, { maxLength: 3 }), lastChunk).map(([chunks, last]) => chunks.join('') + last),
);
/** What nobody asked for, behind the answer. */
const extra = fc.constantFrom('', '', '', '\r\n', 'more', 'HTTP/1.1 500 Second\r\nContent-Length: 0\r\n\r\n');
const before = fc.constantFrom(
  '',
  '',
  '',
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/1.1 102 Processing\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\n\r\n',
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n',
  'HTTP/1.1 100 Continue\n\n',
  'HTTP/1.1 101 Switching Protocols\r\n\r\n',
  '\r\n',
  '\n\n',
);
const headers = fc
  .tuple(fc.array(framing, { maxLength: 2 }), fc.array(otherHeader, { maxLength: 2 }))
  .chain((both) => fc.shuffledSubarray(both.flat(), { minLength: both.flat().length }));
const answers = fc
  .tuple(before, statusLine, headers, body, eol, extra)
  .map(
    ([first, status, lines, content, end, behind]) =>
      [first + status, ...lines, '', content].join(end) + behind,
  );

/** All differences that are wanted are in the two lists of these. */
type Difference = readonly [what: string, is: (text: string) => boolean];

/** What both others refuse and the gateway takes, as curl takes it. */
const readAlone: readonly Difference[] = [
  ['1xx that nobody asked for', (text) => /^\s*HTTP\/1\.1 10[023]/.test(text)],
  ['another version, in small letters', (text) => /HTTP\/2|HTTP\/1\.2|http\//.test(text)],
  ['blanks before the status', (text) => /HTTP\S+(?: {2}|\t)/.test(text)],
  ['no blank behind the status', (text) => /\b200(?:\r?\n|OK)/.test(text)],
  ['lines that end in LF', (text) => /[^\r]\n/.test(text)],
  ['folded headers', (text) => /\n[ \t]/.test(text)],
  ['names with a blank inside or behind, or none', (text) => /\n(?:X Space|[\w-]+ :|: )/.test(text)],
  ['control characters in a value', (text) => /X-Control/.test(text)],
  ['a length that is none: what came is read', (text) => /Content-Length:(?! ?\d{1,15}\r?\n)/.test(text)],
  ['several lengths: what came is read', (text) => /Content-Length[\s\S]*Content-Length/.test(text)],
  [
    'a length beside a coding, which counts',
    (text) => /Content-Length/.test(text) && /Transfer-Enc/.test(text),
  ],
  [
    'the last chunk without its blank line',
    (text) => /chunked/i.test(text) && /\n0+(?:;a=b)?\r?\n/.test(text),
  ],
  ['a body that is cut behind a status that refuses', (text) => /HTTP\S+\s+[3-9]\d\d/.test(text)],
];

/** What one of the others reads and the gateway refuses, or reads otherwise than both. */
const readOtherwise: readonly Difference[] = [
  ['a change of protocol', (text) => /HTTP\/1\.1 101/.test(text)],
];
