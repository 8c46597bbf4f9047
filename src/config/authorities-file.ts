import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigError } from './environment.ts';
import { configKeys } from './keys.ts';

/** A certificate that the operator trusts. Instants are ms since the Unix epoch. */
export interface Authority {
  readonly pem: string;
  /** Whose it is, on one line. */
  readonly subject: string;
  readonly validFrom: number;
  readonly expiresAt: number;
}

const largestFile = 4 * 1024 * 1024;
const block = /-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----[\s\S]*?-----END \1-----/g;

/**
 * Reads the file of `HOOKWIRE_CA_FILE`.
 * @throws {ConfigError} when it cannot be read or holds no certificate, or one that cannot be read
 */
export function readAuthorities(path: string): readonly Authority[] {
  const bytes = read(path);
  if (bytes.length > largestFile) throw problem(`names ${path}, which is larger than 4 MiB`);
  // A certificate in DER is one SEQUENCE.
  if (bytes[0] === 0x30 && bytes[1] === 0x82)
    throw problem(
      `names ${path}, which is in DER form; make PEM of it: openssl x509 -inform der -in ${path} -out authorities.pem`,
    );
  const text = bytes.toString('latin1');
  const blocks = text.match(block) ?? [];
  if (blocks.length === 0) throw problem(`names ${path}, ${whyNone(text)}`);
  return blocks.map((pem, i) => {
    try {
      return authorityOf(pem);
    } catch {
      throw problem(`names ${path}, whose certificate number ${i + 1} cannot be read`);
    }
  });
}

/** What the operator should know of them at the start. */
export function authorityWarnings(authorities: readonly Authority[], now: number): readonly string[] {
  return authorities.flatMap(({ subject, validFrom, expiresAt }) => {
    if (expiresAt <= now)
      return [
        `The certificate of ${subject} in HOOKWIRE_CA_FILE expired on ${day(expiresAt)}: nothing that it has signed is trusted.`,
      ];
    return validFrom > now
      ? [`The certificate of ${subject} in HOOKWIRE_CA_FILE is valid only from ${day(validFrom)} on.`]
      : [];
  });
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw problem(`names ${path}, which ${whyUnread[code] ?? `cannot be read (${code})`}`);
  }
}

function authorityOf(pem: string): Authority {
  // `TRUSTED CERTIFICATE` has OpenSSL's own remarks behind the certificate, which no other program reads.
  const certificate = new X509Certificate(pem);
  return {
    pem: certificate.toString(),
    subject:
      (certificate.subject ?? '').split('\n').filter(Boolean).reverse().join(', ') ||
      'a certificate without a name',
    validFrom: Date.parse(certificate.validFrom),
    expiresAt: Date.parse(certificate.validTo),
  };
}

const whyUnread: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'the gateway may not read; let its user do so',
  EISDIR: 'is a directory; name a file',
  ENOTDIR: 'does not exist: a part of the path is no directory',
};

function whyNone(text: string): string {
  if (text.trim() === '') return 'which is empty';
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return 'which holds a private key and no certificate';
  if (/-----BEGIN (X509 |TRUSTED )?CERTIFICATE-----/.test(text)) return 'in which a certificate has no end';
  return 'which holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)';
}

function problem(message: string): ConfigError {
  return new ConfigError([{ key: configKeys.caFile.name, message }]);
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
