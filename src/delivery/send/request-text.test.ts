import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RenderedRequest } from '../../rendering/request.ts';
import { requestText } from './request-text.ts';

function request(change: Partial<RenderedRequest>): RenderedRequest {
  return { method: 'POST', origin: 'http://a.example', path: '/', headers: [], body: '', ...change };
}

function bytesOf(change: Partial<RenderedRequest>): string {
  const text = requestText(request(change), 'a.example');
  if ('problem' in text) throw new Error(text.problem);
  return Buffer.from(text.text, text.encoding).toString('latin1');
}

describe('the text of a request', () => {
  it('is what HTTP/1.1 wants, header by header', () => {
    expect(bytesOf({ path: '/hook?a=1', headers: ['X-A', '1'], body: '{}' })).toBe(
      'POST /hook?a=1 HTTP/1.1\r\nhost: a.example\r\nconnection: keep-alive\r\nX-A: 1\r\ncontent-length: 2\r\n\r\n{}',
    );
    expect(bytesOf({ method: 'GET', body: null })).toBe(
      'GET / HTTP/1.1\r\nhost: a.example\r\nconnection: keep-alive\r\n\r\n',
    );
  });

  it.each([
    ['ASCII', '1', 'ok'],
    ['a body beyond ASCII', '1', 'für नमस्ते 🙂'],
    ['a header of Latin-1', 'für', 'ok'],
    ['both', 'für', 'नमस्ते 🙂'],
  ])('has headers in Latin-1 and its body in UTF-8: %s', (_name, value, body) => {
    const bytes = bytesOf({ headers: ['X-A', value], body });
    const [head = '', rest = ''] = bytes.split('\r\n\r\n');
    expect(head).toContain(`X-A: ${value}\r\ncontent-length: ${Buffer.byteLength(body)}`);
    expect(Buffer.from(rest, 'latin1').toString('utf8')).toBe(body);
  });

  it.each([
    [{ headers: ['X-A', 'a\r\nX-B: 1'] }, 'the value of the header X-A'],
    [{ headers: ['X-A', 'a\nX-B: 1'] }, 'the value of the header X-A'],
    [{ headers: ['X-A', 'a\rb'] }, 'the value of the header X-A'],
    [{ headers: ['X-A', 'a\0b'] }, 'the value of the header X-A'],
    [{ headers: ['X-A', 'नमस्ते'] }, 'the value of the header X-A'],
    [{ headers: ['X-A: 1\r\nX-B', '1'] }, 'a header has a name'],
    [{ headers: ['X A', '1'] }, 'a header has a name'],
    [{ headers: ['', '1'] }, 'a header has a name'],
    [{ path: '/a b' }, 'the path'],
    [{ path: '/a\r\nX-B: 1' }, 'the path'],
    [{ path: '/für' }, 'the path'],
    [{ path: '' }, 'the path'],
  ])('is refused where it would break: %j', (change, words) => {
    expect(requestText(request(change), 'a.example')).toEqual({ problem: expect.stringContaining(words) });
  });

  it('has exactly the headers that it was given, whatever is in them, or is refused', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom('\r\n', 'a\r\n b', 'x: y\n', 'ok'),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 5 }), (pairs) => {
        const made = requestText(request({ headers: pairs.flat(), body: null, method: 'GET' }), 'a.example');
        if ('problem' in made) return;
        const lines = made.text.split('\r\n').slice(3, -2);
        expect(lines).toEqual(pairs.map(([name, value]) => `${name}: ${value}`));
        for (const line of lines) expect(line).not.toMatch(/[\r\n\0]/);
      }),
      { numRuns: 200 },
    );
  });
});
