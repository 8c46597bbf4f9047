/** Why TLS with a host failed, as a sentence with its remedy; `$` stands for the host. The first that fits counts. */
const reasons: readonly (readonly [pattern: RegExp, sentence: string])[] = [
  [/^CERT_HAS_EXPIRED/, 'The certificate of $ has expired, or one that it sends with it; renew it.'],
  [
    /^CERT_NOT_YET_VALID/,
    'The certificate of $, or one that it sends with it, is not valid yet; check its dates.',
  ],
  [/^DEPTH_ZERO_SELF_SIGNED_CERT/, 'The certificate of $ is self-signed; use one from a public authority.'],
  [
    /^SELF_SIGNED_CERT_IN_CHAIN/,
    'The certificate of $ comes from an authority that is not trusted; use one from a public authority.',
  ],
  [
    /^UNABLE_TO_(GET_ISSUER_CERT|VERIFY_LEAF_SIGNATURE)/,
    'The certificate of $ cannot be traced to a trusted authority; send the intermediate certificates with it.',
  ],
  [
    /^(INVALID_PURPOSE|CERT_UNTRUSTED|CERT_REJECTED)/,
    'The certificate of $ is not meant for a server, or one that it sends with it not for an authority; get one for TLS servers.',
  ],
  [
    /^(INVALID_CA|PATH_LENGTH_EXCEEDED|CERT_CHAIN_TOO_LONG)/,
    'A certificate that $ sends may not sign the one before it; send those that its authority gave out with it.',
  ],
  [
    /(EXCLUDED|PERMITTED) SUBTREE VIOLATION/i,
    'The authority of the certificate of $ may not vouch for this host name; use one from a public authority.',
  ],
  [
    /^(CERT_SIGNATURE_FAILURE|UNABLE_TO_DECRYPT_CERT_SIGNATURE|UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY)/,
    'A signature in the certificate of $, or in one that it sends with it, is broken; install them again.',
  ],
  [
    /UNHANDLED CRITICAL EXTENSION/i,
    'The certificate of $ has a critical extension that nobody knows; get one without it.',
  ],
  [/^CERT_REVOKED/, 'The certificate of $ has been revoked; replace it.'],
  [
    /^ERR_TLS_CERT_ALTNAME/,
    'The certificate is not made for $; check the host in the URL or the certificate.',
  ],
  [
    /DH_KEY_TOO_SMALL|BAD_ECPOINT|WRONG_CURVE/,
    '$ offers key exchange parameters that are too weak; use the usual curves or DH of 2048 bits.',
  ],
  [
    /^CA .*KEY TOO WEAK/i,
    'The key of an authority of the certificate of $ is too weak; use one of an authority with at least 2048 bits RSA or 256 bits EC.',
  ],
  [
    /^CA .*DIGEST ALGORITHM TOO WEAK/i,
    'The certificate of $, or of its authority, is signed with a digest that is too weak (SHA-1 or MD5); get a new one.',
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
  [/^EPROTO/, '$ and the gateway could not agree on a TLS connection; TLS 1.2 or newer is needed.'],
  [/^HOSTNAME_MISMATCH/, 'The certificate is not made for $; check the host in the URL or the certificate.'],
  [
    /ALERT|^ERR_SSL_TLSV1_(UNSUPPORTED_EXTENSION|CERTIFICATE_UNOBTAINABLE|BAD_CERTIFICATE_)/,
    '$ ended the TLS handshake with an alert ($alert); look in its log.',
  ],
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
  if (found) return found[1].replace('$code', code).replace('$alert', alertOf(code)).replace('$', host);
  return code === 'UNSPECIFIED' ? `The certificate of ${host} was refused: ${message}.` : null;
}

/** `ERR_SSL_TLSV1_ALERT_DECODE_ERROR` is "decode error". */
function alertOf(code: string): string {
  return code
    .replace(/^ERR_SSL_(.*ALERT_|TLSV1_)?/, '')
    .replaceAll('_', ' ')
    .toLowerCase();
}

/** What servers answer to plain HTTP on a port of HTTPS: nginx, Apache, Go, Tomcat and Jetty. */
const speaksTls =
  /plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL-enabled|HTTP request to an HTTPS server|requires? TLS/i;
/** What they answer where they want a certificate: nginx (400), Apache (403), IIS (403.7 and its kind). */
const wantsCertificate =
  /No required SSL certificate was sent|The SSL certificate error|Cannot perform Post-Handshake Authentication|\b403\.(7|13|16|17)\b|requires (an? )?(SSL )?client certificate/i;

/**
 * What is wrong with TLS by the words of an answer: some servers can say so only there.
 *
 * @param isSecure it came by TLS
 * @returns a sentence for the endpoint's developer; `null`: nothing, as far as can be told
 */
export function tlsAnswer(status: number, body: Buffer, isSecure: boolean, host: string): string | null {
  if (status !== 400 && (status !== 403 || !isSecure)) return null;
  const text = body.toString('latin1', 0, 2048);
  if (!isSecure && speaksTls.test(text))
    return `${host} says that it speaks HTTPS on this port; should the URL begin with https:// ?`;
  return isSecure && wantsCertificate.test(text)
    ? `${host} answered ${status}: it wants a certificate from the gateway (mutual TLS), which it has not; ask for none at this URL.`
    : null;
}
