import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headerPairs } from './answer-head.ts';
import { AnswerReader, mostHeadBytes } from './answer-reader.ts';

const ok = 'HTTP/1.1 200 OK\r\n';

/** What a reader makes of these bytes, in pieces of these sizes (the last one again and again), and then the end. */
function read(text: string, sizes: readonly number[] = [text.length], maxBodyBytes = 65_536) {
  const reader = new AnswerReader(maxBodyBytes);
  const bytes = Buffer.from(text, 'latin1');
  let reading = 'more';
  let at = 0;
  for (let i = 0; at < bytes.length && reading === 'more'; i++) {
    const size = Math.max(1, sizes[Math.min(i, sizes.length - 1)] ?? 1);
    const piece = Buffer.from(bytes.subarray(at, at + size));
    reading = reader.push(piece, piece.length);
    // What is kept of a piece is a copy of it.
    piece.fill(0);
    at += size;
  }
  if (reading === 'more') reading = reader.end() === 'more' ? 'cut' : reader.end();
  return {
    reading,
    status: reader.statusCode,
    body: reader.body.toString('latin1'),
    keeps: reader.keepsConnection,
    problem: reader.problem,
    head: reader.head,
    reader,
  };
}

describe('an answer', () => {
  it('is read with its body, and leaves its connection to the next', () => {
    expect(read(`${ok}Content-Length: 2\r\n\r\nok`)).toMatchObject({
      reading: 'done',
      status: 200,
      body: 'ok',
      keeps: true,
    });
  });

  it.each([
    ['100 that nobody asked for', `HTTP/1.1 100 Continue\r\n\r\n${ok}Content-Length: 2\r\n\r\nok`, true],
    [
      'several 1xx',
      `${'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'.repeat(20)}${ok}Content-Length: 2\r\n\r\nok`,
      true,
    ],
    ['lines that end in LF', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok', false],
    ['lines of both kinds', 'HTTP/1.1 200 OK\r\nContent-Length: 2\n\r\nok', false],
    ['a folded header', `${ok}X: a\r\n b\r\n\tc\r\nContent-Length:\r\n 2\r\n\r\nok`, false],
    ['one length twice', `${ok}Content-Length: 2\r\ncontent-length: 2\r\n\r\nok`, false],
    ['one length twice, joined', `${ok}Content-Length: 2, 2\r\n\r\nok`, true],
    ['a length with a plus', `${ok}Content-Length: +2\r\n\r\nok`, true],
    ['a space before the colon', `${ok}Content-Length : 2\r\n\r\nok`, false],
    ['no space behind the colon', `${ok}Content-Length:2\r\n\r\nok`, true],
    ['control characters in a value', `${ok}X: a\0\x01\x7fb\r\nContent-Length: 2\r\n\r\nok`, true],
    ['a header without a name', `${ok}: x\r\nContent-Length: 2\r\n\r\nok`, true],
    ['no reason', 'HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok', true],
    ['the reason without a space', 'HTTP/1.1 200OK\r\nContent-Length: 2\r\n\r\nok', true],
    ['two spaces before the status', 'HTTP/1.1  200 OK\r\nContent-Length: 2\r\n\r\nok', true],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok', false],
    [
      'HTTP/1.0 that keeps the connection',
      'HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nok',
      true,
    ],
    ['another number of the version', 'HTTP/2 200 OK\r\nContent-Length: 2\r\n\r\nok', false],
    ['small letters', 'http/1.1 200 ok\r\ncontent-length: 2\r\n\r\nok', false],
    ['blank lines before it', `\r\n\n\r\n${ok}Content-Length: 2\r\n\r\nok`, true],
    ['connection: close', `${ok}Connection: foo, Close\r\nContent-Length: 2\r\n\r\nok`, false],
    ['chunks', `${ok}Transfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n`, true],
    [
      'chunks with extensions, spaces and trailers',
      `${ok}Transfer-Encoding: Chunked\r\n\r\n 2 ;a=b\r\nok\r\n0;x\r\nX: y\r\n\r\n`,
      true,
    ],
    ['chunks with LF', `HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\nok\n0\n\n`, false],
    [
      'chunks beside a length',
      `${ok}Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
      false,
    ],
    [
      'a length beside a coding that is none',
      `${ok}Content-Length: 2\r\nTransfer-Encoding: identity\r\n\r\nok`,
      false,
    ],
    ['a length beside no coding', `${ok}Transfer-Encoding:\r\nContent-Length: 2\r\n\r\nok`, false],
    ['chunks, and a comma behind them', `${ok}Transfer-Encoding: chunked,\r\n\r\n2\r\nok\r\n0\r\n\r\n`, true],
    [
      'chunks inside of another coding',
      `${ok}Transfer-Encoding: identity, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
      true,
    ],
    ['the end of the connection', `${ok}\r\nok`, false],
    ['a coding that it does not know', `${ok}Transfer-Encoding: foo\r\n\r\nok`, false],
  ])('may have %s', (_name, text, keeps) => {
    for (const sizes of [[text.length], [1], [7, 3]]) {
      expect(read(text, sizes)).toMatchObject({ reading: 'done', status: 200, body: 'ok', keeps });
    }
  });

  it.each([
    ['two lengths', `${ok}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`],
    ['a length that is no number', `${ok}Content-Length: abc\r\n\r\n`],
    ['a length below nothing', `${ok}Content-Length: -1\r\n\r\n`],
    ['a length beyond all bounds', `${ok}Content-Length: 99999999999999999999\r\n\r\n`],
  ])('has told its status where %s leave the end open: no more is waited for', (_name, text) => {
    expect(read(text)).toMatchObject({ reading: 'enough', status: 200, keeps: false });
  });

  it.each([
    [204, '', true],
    [304, '', true],
    [204, 'Content-Length: 0\r\n', true],
    [304, 'Content-Length: 5\r\n', true],
    // A server that announces a body often sends it.
    [204, 'Content-Length: 5\r\n', false],
    [204, 'Transfer-Encoding: chunked\r\n', false],
    [304, 'Transfer-Encoding: chunked\r\n', false],
    [204, 'Content-Length: x\r\n', false],
    [304, 'Connection: close\r\n', false],
  ])('with status %d has no body, whatever it says of one: %j', (status, header, keeps) => {
    const text = `HTTP/1.1 ${status} X\r\n${header}\r\n`;
    for (const sizes of [[text.length], [1]]) {
      expect(read(text, sizes)).toMatchObject({ reading: 'done', status, body: '', keeps });
    }
  });

  it('that is followed by bytes nobody asked for loses its connection', () => {
    expect(read(`${ok}Content-Length: 2\r\n\r\nokHTTP/1.1 500 No\r\n\r\n`)).toMatchObject({
      reading: 'done',
      status: 200,
      body: 'ok',
      keeps: false,
    });
  });

  it('is taken when its head ends with the connection, as curl takes it', () => {
    expect(read('HTTP/1.1 200 OK\r\nServer: x\r\n')).toMatchObject({
      reading: 'done',
      status: 200,
      keeps: false,
    });
    expect(read('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n')).toMatchObject({ reading: 'cut', status: 200 });
    expect(read('HTTP/1.1 200')).toMatchObject({ reading: 'cut', status: null });
    expect(read('HTTP/1.1 100 Continue\r\n')).toMatchObject({ reading: 'cut', status: null });
  });

  it.each([
    ['a length', `${ok}Content-Length: 9\r\n\r\nok`],
    ['chunks', `${ok}Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n`],
  ])('is cut where %s promised more', (_name, text) => {
    expect(read(text)).toMatchObject({ reading: 'cut', status: 200, body: 'ok' });
  });

  it('is whole with its last chunk, although the blank line behind it never comes', () => {
    const text = `${ok}Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n`;
    expect(read(text)).toMatchObject({ reading: 'done', body: 'ok', keeps: false });
  });

  it.each([
    ['a banner of mail', '220 mail.example ESMTP\r\n', 'not_http'],
    ['an alert of TLS', '\x15\x03\x03\0\x02\x02\x0a', 'tls'],
    ['settings of HTTP/2', '\0\0\x12\x04\0\0\0\0\0', 'http2'],
    ['another protocol’s version', 'HTTP/9.9 200 OK\r\n\r\n', 'version'],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n', 'version'],
    ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n', 'version'],
    ['a status below 100', 'HTTP/1.1 099 OK\r\n\r\n', 'version'],
    ['a line without a colon', `${ok}bad header\r\n\r\n`, 'header'],
    ['a change of protocol', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n', 'upgrade'],
    ['1xx without end', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(50), 'informational'],
    ['a chunk without a size', `${ok}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 'chunk'],
    ['a chunk that is longer than it says', `${ok}Transfer-Encoding: chunked\r\n\r\n1\r\nok\r\n`, 'chunk'],
    ['a chunk with a size in C', `${ok}Transfer-Encoding: chunked\r\n\r\n0x2\r\nok\r\n`, 'chunk'],
    ['a chunk line without end', `${ok}Transfer-Encoding: chunked\r\n\r\n2;${'x'.repeat(5000)}`, 'chunk'],
    ['a huge head', `${ok}X: ${'x'.repeat(mostHeadBytes)}\r\n\r\n`, 'head_too_large'],
    ['a head without end', `${ok}${'X: y\r\n'.repeat(mostHeadBytes / 6)}`, 'head_too_large'],
    [
      'trailers without end',
      `${ok}Transfer-Encoding: chunked\r\n\r\n0\r\n${'X: y\r\n'.repeat(mostHeadBytes / 4)}`,
      'chunk',
    ],
  ])('is none with %s, in pieces of any size', (_name, text, problem) => {
    for (const sizes of [[text.length], [1], [1000]])
      expect(read(text, sizes)).toMatchObject({ reading: 'invalid', problem });
  });

  it('is kept up to the limit, and no more is waited for', () => {
    const text = `${ok}\r\n${'x'.repeat(101)}`;
    expect(read(text, [10], 100)).toMatchObject({ reading: 'enough', body: 'x'.repeat(100), keeps: false });
    const exact = `${ok}Content-Length: 100\r\n\r\n${'x'.repeat(100)}`;
    expect(read(exact, [7], 100)).toMatchObject({ reading: 'done', body: 'x'.repeat(100), keeps: true });
  });

  it('tells what its headers ask of a client', () => {
    const { reader } = read(
      `${ok}Retry-After: 7\r\nretry-after: 9\r\nDate: today\r\nLocation: /a\r\nKeep-Alive: timeout=5, max=9\r\nContent-Type: text/x\r\nContent-Length: 0\r\n\r\n`,
    );
    expect(reader).toMatchObject({
      retryAfter: '7',
      date: 'today',
      location: '/a',
      idleHintMs: 5000,
      contentType: 'text/x',
    });
  });

  it('shows its headers in their order, as they came', () => {
    expect(headerPairs('HTTP/1.1 200 OK\r\nX-A : 1\r\nb:\r\n folded\r\nb: 2\r\n\r\n')).toEqual([
      ['X-A', '1'],
      ['b', 'folded'],
      ['b', '2'],
    ]);
  });

  it('is the same in pieces of every size', () => {
    const body = fc.string({ unit: 'binary-ascii', maxLength: 200 });
    const framing = fc.constantFrom('length', 'chunked', 'close');
    const before = fc.constantFrom('', 'HTTP/1.1 100 Continue\r\n\r\n', '\r\n');
    const eol = fc.constantFrom('\r\n', '\n');
    const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(body, framing, before, eol, sizes, (text, how, first, end, pieces) => {
        const head =
          how === 'length'
            ? `content-length: ${text.length}`
            : how === 'chunked'
              ? 'transfer-encoding: chunked'
              : 'x: y';
        const rest = how === 'chunked' ? chunksOf(text, end) : text;
        const whole = `${first}HTTP/1.1 207 Multi${end}x-first: 1${end}${head}${end}${end}${rest}`;
        const once = read(whole);
        expect(once).toMatchObject({ reading: 'done', status: 207, body: text });
        const { reader: _, ...pieced } = read(whole, pieces);
        const { reader: __, ...all } = once;
        expect(pieced).toEqual(all);
      }),
    );
  });

  it('never throws, and tells the same of any bytes in any pieces', () => {
    const part = fc.constantFrom(
      'HTTP/1.1 ',
      '200',
      ' OK',
      '\r\n',
      '\n',
      ' ',
      ':',
      'content-length',
      'transfer-encoding',
      'chunked',
      '5',
      '0',
      'a',
      '\0',
      '\x15',
      'HTTP/',
    );
    const any = fc.array(fc.oneof(part, fc.string({ unit: 'binary-ascii', maxLength: 5 })), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(any, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (parts, pieces) => {
        const text = parts.join('');
        const { status, problem, body } = read(text);
        const pieced = read(text, pieces);
        expect(pieced.status).toBe(status);
        if (problem === null) expect(pieced.problem).toBeNull();
        if (pieced.reading === 'done') expect(pieced.body).toBe(body);
      }),
      { numRuns: 1000 },
    );
  });
});

function chunksOf(text: string, end: string): string {
  let out = '';
  for (let at = 0; at < text.length; at += 7) {
    const chunk = text.slice(at, at + 7);
    out += `${chunk.length.toString(16)}${end}${chunk}${end}`;
  }
  return `${out}0${end}${end}`;
}
