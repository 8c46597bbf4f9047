import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../../testing/rendering.ts';
import { encodeFormText, formFormat } from './form.ts';
import { openQuery } from './get.ts';

describe('a form', () => {
  it.each([
    ['a b+c&d=e%f', 'a+b%2Bc%26d%3De%25f'],
    ['🙂 नमस्ते', '%F0%9F%99%82+%E0%A4%A8%E0%A4%AE%E0%A4%B8%E0%A5%8D%E0%A4%A4%E0%A5%87'],
    ["*-._!'()~", '*-._%21%27%28%29%7E'],
    ['2026-11-22T10:15:30.000+05:30', '2026-11-22T10%3A15%3A30.000%2B05%3A30'],
    ['\r\n\0', '%0D%0A%00'],
    ['\ud83d', '%EF%BF%BD'],
  ])('writes %j as %s', (text, encoded) => {
    expect(encodeFormText(text)).toBe(encoded);
  });

  it('is byte for byte what URLSearchParams writes', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(encodeFormText(text)).toBe(new URLSearchParams([['', text]]).toString().slice(1));
      }),
      { numRuns: 500 },
    );
  });

  it('carries any names and values there and back, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyText, anyText), { minLength: 1 }), (pairs) => {
        const fields = pairs.map(([name, value]) => formFormat.field(formFormat.name(name), value)).join('');
        const body = formFormat.document(formFormat.object(fields));
        expect([...new URLSearchParams(body)]).toEqual(
          pairs.map((pair) => pair.map((text) => text.toWellFormed())),
        );
      }),
    );
  });
});

describe('a query', () => {
  it.each([
    ['https://example.com', '/?'],
    ['https://example.com/dlr?', '/dlr?'],
    ['https://example.com/dlr#top', '/dlr?'],
    ['https://example.com/dlr?a=1', '/dlr?a=1&'],
    ['https://example.com/dlr?a=1&', '/dlr?a=1&'],
    ["https://example.com/a b?x=a+b%20c&y='é'#f", '/a%20b?x=a+b%20c&y=%27%C3%A9%27&'],
  ])('is added to that of %s', (url, opened) => {
    expect(openQuery(new URL(url))).toBe(opened);
  });
});
