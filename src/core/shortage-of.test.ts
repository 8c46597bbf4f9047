import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { shortageOf } from './shortage-of.ts';

const coded = (code: string, more: object = {}) => Object.assign(new Error(code), { code, ...more });
const connect = (code: string, address = '127.0.0.1') =>
  coded(code, { syscall: 'connect', address, port: 80 });

describe('what the machine is short of', () => {
  it.each([
    ['EMFILE', 'files'],
    ['ENFILE', 'files'],
    ['ENOMEM', 'memory'],
    ['ENOBUFS', 'memory'],
    ['EADDRNOTAVAIL', 'ports'],
    ['ECONNREFUSED', null],
    ['ECONNRESET', null],
    ['EHOSTUNREACH', null],
    ['ENETUNREACH', null],
    ['ETIMEDOUT', null],
    ['ERR_TLS_CERT_ALTNAME_INVALID', null],
  ])('is told by the error of a connection: %s, %s', (code, shortage) => {
    expect(shortageOf(connect(code))).toBe(shortage);
  });

  it('is nothing where it has no address of that family at all', () => {
    const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
    const hasIPv6Loopback = own.some(({ family }) => family === 'IPv6');
    expect(shortageOf(connect('EADDRNOTAVAIL', '::1'))).toBe(hasIPv6Loopback ? 'ports' : null);
    expect(shortageOf(connect('EADDRNOTAVAIL', '127.9.9.9'))).toBe('ports');
  });

  it('counts where one of several addresses could not be tried for want of it', () => {
    const both = (a: Error, b: Error) =>
      Object.assign(new AggregateError([a, b], 'all failed'), { code: 'x' });
    expect(shortageOf(both(connect('ECONNREFUSED'), connect('EMFILE')))).toBe('files');
    expect(shortageOf(both(connect('ECONNREFUSED'), connect('ENETUNREACH')))).toBeNull();
  });

  it.each(['EAI_AGAIN', 'ENOTFOUND', 'ECONNREFUSED'])(
    'is files where a look-up ends with %s and none can be opened',
    (code) => {
      const lookup = coded(code, { syscall: code === 'ECONNREFUSED' ? 'queryA' : 'getaddrinfo' });
      expect(shortageOf(lookup, () => false)).toBe('files');
      expect(shortageOf(lookup, () => true)).toBeNull();
    },
  );

  it('is told of a look-up that says so itself', () => {
    expect(shortageOf(coded('EMFILE', { syscall: 'getaddrinfo' }))).toBe('files');
  });
});
