/** Why TLS with a host failed, as a sentence with its remedy; `$` stands for the host. The first that fits counts. */
const reasons: readonly (readonly [pattern: RegExp, sentence: string])[] = [
  [/^CERT_HAS_EXPIRED/, 'The certificate of $ has expired; renew it.'],
  [/^CERT_NOT_YET_VALID/, 'The certificate of $ is not valid yet; check its dates.'],
  [/^DEPTH_ZERO_SELF_SIGNED_CERT/, 'The certificate of $ is self-signed; use one from a public authority.'],
  [
    /^SELF_SIGNED_CERT_IN_CHAIN/,
    'The certificate of $ comes from an authority that is not trusted; use one from a public authority.',
  ],
  [
    /^UNABLE_TO_(GET_ISSUER_CERT|VERIFY_LEAF_SIGNATURE)/,
    'The certificate of $ cannot be traced to a trusted authority; send the intermediate certificates with it.',
  ],
  [/^CERT_REVOKED/, 'The certificate of $ has been revoked; replace it.'],
  [
    /^ERR_TLS_CERT_ALTNAME/,
    'The certificate is not made for $; check the host in the URL or the certificate.',
  ],
  [/KEY.TOO.(WEAK|SMALL)/i, 'The key of $ is too weak; use one of at least 2048 bits RSA or 256 bits EC.'],
  [
    /(DIGEST.ALGORITHM|MD).TOO.WEAK/i,
    'The certificate of $ is signed with a digest that is too weak (SHA-1 or MD5); get a new one.',
  ],
  [
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/,
    '$ does not speak TLS on this port; should the URL begin with http:// ?',
  ],
  [
    /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS_AVAILABLE/,
    '$ offers no version of TLS that is safe enough; it must speak TLS 1.2 or 1.3.',
  ],
  [
    /NO_APPLICATION_PROTOCOL/,
    '$ takes no HTTP/1.1 on this port (ALPN), perhaps only HTTP/2; let it speak HTTP/1.1 too.',
  ],
  [
    /CERTIFICATE_REQUIRED|ALERT_(NO_CERTIFICATE|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN|UNSUPPORTED_CERTIFICATE|CERTIFICATE_(REVOKED|EXPIRED)|UNKNOWN_CA|ACCESS_DENIED)/,
    '$ wants a certificate from the gateway (mutual TLS), which it has not; ask for none at this URL.',
  ],
  [
    /UNRECOGNIZED_NAME/,
    '$ has no certificate for this host name; check the host in the URL, or the server’s names.',
  ],
  [
    /ALERT_HANDSHAKE_FAILURE|INSUFFICIENT_SECURITY|NO_SHARED_CIPHER/,
    '$ refused the TLS handshake: no cipher in common, or it wants a certificate from the gateway. Let it offer the usual ciphers of TLS 1.2 or 1.3 and ask for no certificate.',
  ],
  [
    /ALERT_INTERNAL_ERROR/,
    '$ failed in the TLS handshake by an error of its own; look in its log, and for a certificate for this host name.',
  ],
  [
    /UNSAFE_LEGACY_RENEGOTIATION/,
    '$ speaks an outdated TLS without secure renegotiation; update its TLS library.',
  ],
  [
    /DH_KEY_TOO_SMALL|BAD_ECPOINT|WRONG_CURVE/,
    '$ offers key exchange parameters that are too weak; use the usual curves or DH of 2048 bits.',
  ],
  [/^EPROTO/, '$ and the gateway could not agree on a TLS connection; TLS 1.2 or newer is needed.'],
  [/^HOSTNAME_MISMATCH/, 'The certificate is not made for $; check the host in the URL or the certificate.'],
  [/ALERT/, '$ ended the TLS handshake with an alert ($code); look in its log.'],
  [
    /^(ERR_TLS|ERR_SSL|CERT_|CRL_|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH)|CERT/,
    'No TLS connection with $ ($code).',
  ],
];

/**
 * Tells an error of TLS from others. OpenSSL names most by a code; what it has against a certificate's strength comes
 * as `UNSPECIFIED`, with words only.
 *
 * @returns a sentence for the endpoint's developer; `null` when this is no error of TLS
 */
export function tlsFailure(code: string, message: string, host: string): string | null {
  const name = code === 'UNSPECIFIED' ? message : code;
  const found = reasons.find(([pattern]) => pattern.test(name));
  if (found) return found[1].replace('$code', code).replace('$', host);
  return code === 'UNSPECIFIED' ? `The certificate of ${host} was refused: ${message}.` : null;
}

/** Servers say so in words when they are asked in plain HTTP on a port of HTTPS: nginx, Apache, Go and others. */
export function saysItSpeaksTls(status: number, body: Buffer): boolean {
  return (
    status === 400 &&
    /plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL-enabled|HTTP request to an HTTPS server|requires? TLS/i.test(
      body.toString('latin1', 0, 2048),
    )
  );
}
