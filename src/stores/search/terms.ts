/**
 * A look-up term: 53 bits of a hash over kind and value. Terms may collide, and accounts share them (two platforms may
 * use the same message id), so whoever finds something by a term compares the real value.
 */
export type TermKind = 'message' | 'transaction' | 'mobile' | 'webhook' | 'account';

export function searchTerm(kind: TermKind, value: string): number {
  return hash53(`${kind}\u0000${value}`);
}

export function identityTerm(identity: string): number {
  return hash53(identity);
}

export const bucketCount = 256;

/** The bucket of a run of before (`sqlite/search/former-index.ts`) that holds a term: its high 8 bits, so that terms lie in ranges. */
export function bucketOf(term: number): number {
  return Math.floor(term / 2 ** 45);
}

/**
 * cyrb53 (public domain, github.com/bryc/code): 53 well-mixed bits at about 0.1 µs for 40 characters, where a
 * cryptographic hash costs 1 µs. Nothing relies on collisions being hard to find.
 */
export function hash53(text: string): number {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}
