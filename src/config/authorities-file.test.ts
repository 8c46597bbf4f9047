import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { expired, privateAuthority, selfSigned } from '../testing/receiver/certificates.ts';
import { authorityWarnings, readAuthorities } from './authorities-file.ts';
import { ConfigError } from './environment.ts';

const directory = mkdtempSync(join(tmpdir(), 'hookwire-authorities-'));
afterAll(() => rmSync(directory, { recursive: true }));

function fileOf(content: string | Buffer): string {
  const path = join(directory, 'authorities.pem');
  writeFileSync(path, content);
  return path;
}

function problemOf(path: string): string {
  try {
    readAuthorities(path);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('It was read.');
}

const now = Date.parse('2026-06-01');

describe('a file of private authorities', () => {
  it('has one certificate or many, with whatever stands between', () => {
    const text = `# Acme\r\n${privateAuthority.ca}\nsome words\n${selfSigned.cert.replaceAll('\n', '\r\n')}`;
    const authorities = readAuthorities(fileOf(text));
    expect(authorities.map(({ subject }) => subject)).toEqual(['CN=Acme Inside CA, O=Acme', 'CN=localhost']);
    expect(authorities[0]?.expiresAt).toBe(Date.parse('2100-01-01'));
    expect(authorityWarnings(authorities, now)).toEqual([]);
  });

  it('may hold what has expired or is not valid yet, which is told', () => {
    const authorities = readAuthorities(fileOf(expired.cert + privateAuthority.ca));
    expect(authorityWarnings(authorities, now)).toEqual([
      'The certificate of CN=localhost in HOOKWIRE_CA_FILE expired on 2021-01-01: nothing that it has signed is trusted.',
    ]);
    expect(authorityWarnings(authorities, Date.parse('2025-06-01'))).toContain(
      'The certificate of CN=Acme Inside CA, O=Acme in HOOKWIRE_CA_FILE is valid only from 2026-01-01 on.',
    );
  });

  it.each([
    ['is empty', '', /which is empty/],
    ['is text', 'hello', /no certificate in PEM form/],
    ['is a key', selfSigned.key, /a private key and no certificate/],
    ['is cut short', privateAuthority.ca.slice(0, 300), /a certificate has no end/],
    [
      'is broken',
      `${selfSigned.cert}${privateAuthority.ca.replace(/M/g, 'N')}`,
      /certificate number 2 cannot be read/,
    ],
    ['is DER', new X509Certificate(privateAuthority.ca).raw, /in DER form; make PEM of it/],
    ['is too large', Buffer.alloc(5 * 1024 * 1024), /larger than 4 MiB/],
  ])('that %s is refused', (_, content, words) => {
    const path = fileOf(content);
    const message = problemOf(path);
    expect(message).toMatch(words);
    expect(message).toMatch(`HOOKWIRE_CA_FILE names ${path}, `);
  });

  it('that is not there, or is a directory, is refused', () => {
    expect(problemOf(join(directory, 'none.pem'))).toMatch(/does not exist$/);
    expect(problemOf(join(fileOf('x'), 'a.pem'))).toMatch(/no directory$/);
    expect(problemOf(directory)).toMatch(/is a directory; name a file$/);
  });
});
