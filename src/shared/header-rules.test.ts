import { describe, expect, it } from 'vitest';
import { isHeaderName, isHeaderValue, reservedHeader } from './header-rules.ts';

describe('header names', () => {
  it('are tokens of RFC 9110', () => {
    for (const name of ['X-Api-Key', 'a', '1', "!#$%&'*+-.^_`|~"]) expect(isHeaderName(name)).toBe(true);
    for (const name of ['', 'a b', 'a:', 'ä', 'a\r', '(a)', 'a\n']) expect(isHeaderName(name)).toBe(false);
  });

  it.each([
    ...[
      'Host',
      'content-length',
      'Transfer-Encoding',
      'CONNECTION',
      'Keep-Alive',
      'Proxy-Authorization',
      'TE',
    ],
    ...['Trailer', 'Upgrade', 'Expect', 'webhook-id', 'Webhook-Anything', 'User-Agent', 'Content-Encoding'],
  ])('refuse %s with a reason', (name) => {
    expect(reservedHeader(name)).toMatch(/\w+ \w+/);
  });

  it.each(['Authorization', 'Content-Type', 'X-Webhook-Id', 'Cookie', 'constructor'])('allow %s', (name) => {
    expect(reservedHeader(name)).toBeNull();
  });
});

describe('header values', () => {
  it('take visible Latin-1, spaces and tabs', () => {
    for (const value of ['', 'Bearer a b\tc', 'Zürich', '~ÿ']) expect(isHeaderValue(value)).toBe(true);
  });

  it('refuse line breaks, control characters and what Latin-1 does not have', () => {
    for (const value of ['a\rb', 'a\nb', 'a\n', '\0', '\u007f', '€', '🙂'])
      expect(isHeaderValue(value)).toBe(false);
  });
});
