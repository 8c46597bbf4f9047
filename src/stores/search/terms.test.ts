import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketCount, bucketOf, identityTerm, searchTerm } from './terms.ts';

describe('terms', () => {
  it('are safe whole numbers, the same for the same text, each in a bucket', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const term = searchTerm('message', text);
        expect(Number.isSafeInteger(term)).toBe(true);
        expect(term).toBe(searchTerm('message', text));
        const bucket = bucketOf(term);
        expect(bucket).toBeGreaterThanOrEqual(0);
        expect(bucket).toBeLessThan(bucketCount);
      }),
    );
  });

  it('spread over all buckets and do not meet', () => {
    const terms = Array.from({ length: 20_000 }, (_, i) => identityTerm(`id\0acc_1\0${i}`));
    expect(new Set(terms).size).toBe(terms.length);
    expect(new Set(terms.map(bucketOf)).size).toBe(bucketCount);
  });

  it('keep kinds apart', () => {
    const kinds = ['message', 'transaction', 'mobile', 'webhook', 'account'] as const;
    expect(new Set(kinds.map((kind) => searchTerm(kind, '1'))).size).toBe(kinds.length);
  });

  it('do not change: they are on disk', () => {
    expect(searchTerm('message', 'shdgMj33hk8')).toMatchInlineSnapshot(`6696683096378484`);
  });
});
