import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** The SHA-256 of a key in hex: all that is kept of it. */
export function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** A new API key: `hw_` and 160 random bits in base 32. It is shown once; the hash is what is kept. */
export function createKey(): { key: string; hash: string } {
  let key = 'hw_';
  for (const byte of randomBytes(32)) key += alphabet.charAt(byte & 31);
  return { key, hash: hashKey(key) };
}

/** Compares two hashes of {@link hashKey} in a time that says nothing about them. */
export function sameHash(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
