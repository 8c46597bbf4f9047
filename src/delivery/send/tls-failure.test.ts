import { describe, expect, it } from 'vitest';
import { tlsAnswer, tlsFailure } from './tls-failure.ts';

describe('a failure of TLS', () => {
  it.each([
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'TLS 1.2 or 1.3'],
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'TLS 1.2 or 1.3'],
    ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', 'no cipher in common'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'mutual TLS'],
    ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', 'mutual TLS'],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'mutual TLS'],
    ['ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL', 'HTTP/2'],
    ['ERR_SSL_TLSV1_UNRECOGNIZED_NAME', 'no certificate for this host name'],
    ['ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', 'an error of its own'],
    ['ERR_SSL_TLSV1_ALERT_DECODE_ERROR', 'an alert (decode error)'],
    ['ERR_SSL_SSL/TLS_ALERT_ILLEGAL_PARAMETER', 'an alert (illegal parameter)'],
    ['ERR_SSL_TLSV13_ALERT_MISSING_EXTENSION', 'an alert (missing extension)'],
    ['ERR_SSL_TLSV1_UNSUPPORTED_EXTENSION', 'an alert (unsupported extension)'],
    ['INVALID_PURPOSE', 'for TLS servers'],
    ['PATH_LENGTH_EXCEEDED', 'may not sign'],
    ['CERT_SIGNATURE_FAILURE', 'broken'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'http://'],
    ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'http://'],
    ['ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED', 'outdated'],
    ['ERR_SSL_DH_KEY_TOO_SMALL', 'DH of 2048 bits'],
    ['CERT_HAS_EXPIRED', 'expired'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'not trusted'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'intermediate'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'not made for hooks.example'],
    ['ERR_TLS_WHATEVER', 'ERR_TLS_WHATEVER'],
  ])('with code %s says %j', (code, words) => {
    const text = tlsFailure(code, 'x', 'hooks.example');
    expect(text).toContain(words);
    expect(text).toContain('hooks.example');
  });

  it.each([
    ['EE certificate key too weak', 'at least 2048 bits'],
    ['CA certificate key too weak', 'authority with at least 2048 bits'],
    ['CA signature digest algorithm too weak', 'digest'],
    ['permitted subtree violation', 'may not vouch for this host name'],
    ['unhandled critical extension', 'critical extension'],
    ['something new', 'something new'],
  ])('that OpenSSL has only words for, %j, says %j', (message, words) => {
    expect(tlsFailure('UNSPECIFIED', message, 'hooks.example')).toContain(words);
  });

  it('is not every failure', () => {
    for (const code of ['', 'ECONNRESET', 'EWHATEVER']) expect(tlsFailure(code, 'x', 'a.example')).toBeNull();
  });
});

describe('an answer in plain HTTP from a port of HTTPS', () => {
  it.each([
    '<center>The plain HTTP request was sent to HTTPS port</center>',
    "Reason: You're speaking plain HTTP to an SSL-enabled server port.",
    'Client sent an HTTP request to an HTTPS server.\n',
    'Bad Request\r\nThis combination of host and port requires TLS.\r\n',
  ])('is known by its words: %s', (body) => {
    expect(tlsAnswer(400, Buffer.from(body), false, 'a.example')).toContain(
      'a.example says that it speaks HTTPS',
    );
    expect(tlsAnswer(404, Buffer.from(body), false, 'a.example')).toBeNull();
    expect(tlsAnswer(400, Buffer.from(body), true, 'a.example')).toBeNull();
  });

  it('is not every 400', () => {
    expect(tlsAnswer(400, Buffer.from('unknown message id'), false, 'a.example')).toBeNull();
  });
});

describe('an answer by TLS that asks for a certificate', () => {
  it.each([
    [400, '<center>No required SSL certificate was sent</center>'],
    [400, '<center>The SSL certificate error</center>'],
    [403, 'Reason: Cannot perform Post-Handshake Authentication.<br />'],
    [403, '<h2>403.7 - Forbidden: Access is denied.</h2>'],
  ])('is known by its words: %s %s', (status, body) => {
    expect(tlsAnswer(status, Buffer.from(body), true, 'a.example')).toContain('mutual TLS');
    expect(tlsAnswer(status, Buffer.from(body), false, 'a.example')).toBeNull();
    expect(tlsAnswer(200, Buffer.from(body), true, 'a.example')).toBeNull();
  });

  it('is not every 403', () => {
    expect(tlsAnswer(403, Buffer.from('{"error":"forbidden","id":1403.72}'), true, 'a.example')).toBeNull();
  });
});
