import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestConnectAnswer, readConnectAnswer } from './connect-answer.ts';

const read = (text: string) => readConnectAnswer(Buffer.from(text, 'latin1'));
const answer = 'HTTP/1.1 200 Connection established\r\nvia: x\r\n\r\n';

describe('an answer to CONNECT', () => {
  it('ends where its head does, however it is cut', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: answer.length - 1 }), fc.string(), (cut, more) => {
        expect(read(answer.slice(0, cut))).toBe('more');
        expect(read(answer + more)).toEqual({ status: 200, schemes: [], end: answer.length });
      }),
    );
  });

  it('may come after others of 1xx, with lines that end in LF', () => {
    const text = `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 407\nProxy-Authenticate: Basic realm="a, b"\nproxy-authenticate:NTLM\n\nx`;
    expect(read(text)).toEqual({ status: 407, schemes: ['Basic', 'NTLM'], end: text.length - 1 });
  });

  it.each([
    'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n',
  ])('may say that it has no body: %j', (text) => {
    expect(read(text)).toMatchObject({ status: 200 });
  });

  it.each([
    ['HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n', 'page'],
    ['HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ntransfer-encoding: chunked\r\n\r\n', 'page'],
    ['SSH-2.0-OpenSSH', 'not_http'],
    ['HTTP/2 200\r\n\r\n', 'not_http'],
    ['HTTP/1.1 20x\r\n\r\n', 'not_http'],
    ['HTTP/1.1 2000\r\n\r\n', 'not_http'],
    ['\x15\x03\x01\x00\x02\x02\x46', 'not_http'],
    [`HTTP/1.1 200 OK\r\n${'a'.repeat(longestConnectAnswer)}`, 'too_long'],
  ])('may be none: %j', (text, problem) => {
    expect(read(text)).toEqual({ problem });
  });
});
