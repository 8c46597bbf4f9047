import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerText } from './answer-text.ts';

function answer(
  body: Buffer | string,
  contentType: string | null = null,
  more: { contentEncoding?: string; truncated?: boolean } = {},
) {
  return { body: Buffer.from(body as string), truncated: false, contentType, contentEncoding: null, ...more };
}

describe('the text of an answer', () => {
  it.each([
    ['UTF-8 where nothing is said', Buffer.from('für dich ✓'), null, 'für dich ✓'],
    ['Latin-1', Buffer.from('für', 'latin1'), 'text/html; charset=ISO-8859-1', 'für'],
    [
      'Shift_JIS',
      Buffer.from([0x83, 0x65, 0x83, 0x58, 0x83, 0x67]),
      'text/plain;charset="shift_jis"',
      'テスト',
    ],
    ['UTF-16 by its mark', Buffer.from([0xff, 0xfe, 0x6f, 0, 0x6b, 0]), 'text/plain', 'ok'],
    [
      'what the page says',
      Buffer.from('<meta charset="windows-1252">\x80', 'latin1'),
      'text/html',
      '<meta charset="windows-1252">€',
    ],
    [
      'what the XML says',
      Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe9</a>', 'latin1'),
      'text/xml',
      '<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>',
    ],
    ['UTF-8 where the charset is unknown', Buffer.from('é'), 'text/plain; charset=klingon', 'é'],
  ])('is decoded as %s', (_name, bytes, contentType, text) => {
    expect(answerText(answer(bytes, contentType))).toBe(text);
  });

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    // As some servers understand "deflate".
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['GZIP ', gzipSync],
  ])('is unpacked from %s, whole or cut', (contentEncoding, pack) => {
    const text = Array.from({ length: 500 }, (_, i) => `${i} in the queue`).join(', ');
    const packed = pack(Buffer.from(text));
    expect(answerText(answer(packed, null, { contentEncoding }))).toBe(text);
    const start = packed.subarray(0, packed.length - 20);
    const cut = answerText(answer(start, null, { contentEncoding, truncated: true }));
    expect(cut.length).toBeGreaterThan(100);
    expect(text.startsWith(cut)).toBe(true);
  });

  it('is unpacked where the server compresses unasked, also when its end is missing', () => {
    const packed = gzipSync('queued: true, '.repeat(100));
    expect(answerText(answer(packed, null, { contentEncoding: 'gzip' }))).toContain('queued: true');
    const cut = answer(packed.subarray(0, packed.length - 10), null, {
      contentEncoding: 'GZIP',
      truncated: true,
    });
    expect(answerText(cut)).toContain('queued: true');
  });

  it('is not unpacked into more than a mebibyte', () => {
    const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024));
    expect(answerText(answer(bomb, null, { contentEncoding: 'gzip' })).length).toBeLessThan(100_000);
  });

  it('is never cut inside a character, wherever it is cut', () => {
    const charset = fc.constantFrom('utf-8', 'utf-16le');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), charset, fc.nat(), (text, name, at) => {
        const bytes = Buffer.from(text, name === 'utf-8' ? 'utf8' : 'utf16le');
        const whole = answerText(answer(bytes, `text/plain; charset=${name}`));
        const cut = answerText(answer(bytes, `text/plain; charset=${name}`), at % (bytes.length + 1));
        expect(whole.startsWith(cut)).toBe(true);
        expect(cut.length).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
