import { describe, expect, it } from 'vitest';
import { BlockedAddressError } from '../guard/blocked-address-error.ts';
import { failureOf } from './failure.ts';
import type { Phase } from './phase.ts';

const host = 'hooks.example';
const coded = (code: string) => Object.assign(new Error(code), { code });

describe('a failure', () => {
  it('in plain HTTP may mean a port of HTTPS, where nothing was ever answered', () => {
    expect(failureOf(coded('ECONNRESET'), host, 'headers', true).detail).toContain('https://');
    expect(failureOf(coded('ECONNRESET'), host, 'headers').detail).not.toContain('https://');
    expect(failureOf(coded('ECONNRESET'), host, 'body', true).detail).not.toContain('https://');
  });

  it.each([
    ['ENOTFOUND', 'connect', 'dns'],
    ['EAI_AGAIN', 'connect', 'dns'],
    ['ECONNREFUSED', 'connect', 'refused'],
    ['EHOSTUNREACH', 'connect', 'refused'],
    ['ENETUNREACH', 'connect', 'refused'],
    ['ETIMEDOUT', 'connect', 'timeout_connect'],
    ['ETIMEDOUT', 'headers', 'timeout_headers'],
    ['ETIMEDOUT', 'body', 'timeout_body'],
    ['ECONNRESET', 'connect', 'reset'],
    ['ECONNRESET', 'headers', 'reset'],
    ['EPIPE', 'headers', 'reset'],
    ['CERT_HAS_EXPIRED', 'connect', 'tls'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'connect', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'connect', 'tls'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'connect', 'tls'],
    ['EPROTO', 'connect', 'tls'],
    ['EWHATEVER', 'connect', 'refused'],
    ['EWHATEVER', 'body', 'reset'],
  ] as const)(
    'with code %s in phase %s is of class %s, in a sentence that names the host',
    (code, phase, errorClass) => {
      const failure = failureOf(coded(code), host, phase);
      expect(failure.class).toBe(errorClass);
      expect(failure.detail).toMatch(/hooks\.example.*[.?]$/);
    },
  );

  it.each<readonly [Error, Phase, string]>([
    [new BlockedAddressError('hooks.example resolves to 10.0.0.1'), 'connect', 'blocked_address'],
    [coded('ECONNRESET'), 'tls', 'tls'],
    [new AggregateError([coded('ECONNREFUSED')], 'all failed'), 'connect', 'refused'],
  ])('%s in phase %s is of class %s', (error, phase, errorClass) => {
    expect(failureOf(error, host, phase).class).toBe(errorClass);
  });
});
