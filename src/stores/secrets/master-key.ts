import { hkdfSync, scryptSync } from 'node:crypto';

/** A master key made ready: the AES key, and an id that names it without telling anything about it. */
export interface SealingKey {
  /** 16 hex digits. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

const keyBytes = 32;
const passphraseChars = 16;
const scryptCost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
const hexKey = /^[0-9a-f]{64}$/i;
const base64Key = /^[A-Za-z0-9+/_-]{43}=?$/;

/**
 * Reads a master key: 32 bytes as 64 hex digits or as base64 (also base64url), or else a passphrase of at least 16
 * characters, stretched with scrypt (N = 2^15, r = 8: about 0.1 s and 32 MiB, once at start). Its salt is fixed, so that
 * the passphrase alone brings the key back on another machine. HKDF-SHA-256 then makes the AES key and the id.
 */
export function deriveKey(masterKey: string): SealingKey {
  const root = readRoot(masterKey);
  return {
    id: expand(root, 'hookwire key id', 8).toString('hex'),
    key: expand(root, 'hookwire sealing key', keyBytes),
  };
}

/** 32 bytes in hex for one other purpose, which tell nothing of the master key or of what was made for other purposes. */
export function deriveSecret(masterKey: string, purpose: string): string {
  return expand(readRoot(masterKey), `hookwire ${purpose}`, keyBytes).toString('hex');
}

/** Stretching a passphrase takes 0.1 s of CPU, and each key is read for several purposes at the start. */
const roots = new Map<string, Buffer>();

function readRoot(masterKey: string): Buffer {
  const known = roots.get(masterKey);
  if (known) return known;
  const root = computeRoot(masterKey);
  roots.set(masterKey, root);
  return root;
}

function computeRoot(masterKey: string): Buffer {
  if (hexKey.test(masterKey)) return Buffer.from(masterKey, 'hex');
  if (base64Key.test(masterKey)) return Buffer.from(masterKey, 'base64');
  if (masterKey.length < passphraseChars) {
    throw new Error(
      `The master key is too short: give 32 random bytes as base64 (openssl rand -base64 32) or as hex, ` +
        `or a passphrase of at least ${passphraseChars} characters.`,
    );
  }
  return scryptSync(masterKey.normalize('NFC'), 'hookwire master key', keyBytes, scryptCost);
}

function expand(root: Buffer, purpose: string, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', root, '', purpose, length));
}
