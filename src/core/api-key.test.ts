import { describe, expect, it } from 'vitest';
import { createKey, hashKey, sameHash } from './api-key.ts';

describe('an API key', () => {
  it('begins with hw_ and never repeats', () => {
    const keys = Array.from({ length: 100 }, () => createKey().key);
    for (const key of keys) expect(key).toMatch(/^hw_[0-9a-z]{32}$/);
    expect(new Set(keys).size).toBe(100);
  });

  it('is found again by the hash of its text', () => {
    const { key, hash } = createKey();
    expect(hash).toBe(hashKey(key));
    expect(sameHash(hash, hashKey(key))).toBe(true);
    expect(sameHash(hash, hashKey(`${key}x`))).toBe(false);
    expect(sameHash(hash, hash.slice(1))).toBe(false);
  });
});
