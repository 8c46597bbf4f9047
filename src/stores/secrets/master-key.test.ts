import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { deriveKey } from './master-key.ts';

describe('deriveKey', () => {
  const bytes = randomBytes(32);

  it('takes the same 32 bytes in hex, base64 and base64url for the same key', () => {
    const forms = ['hex', 'base64', 'base64url'] as const;
    const [hex, ...others] = forms.map((form) => deriveKey(bytes.toString(form)));
    for (const key of others) expect(key).toEqual(hex);
  });

  it('makes the same key from a passphrase each time, and another from another', () => {
    const first = deriveKey('correct horse battery');
    expect(deriveKey('correct horse battery')).toEqual(first);
    expect(deriveKey('correct horse batterz').key).not.toEqual(first.key);
    expect(first.key).toHaveLength(32);
  });

  it('shows nothing of the key in the id', () => {
    const { id, key } = deriveKey(bytes.toString('hex'));
    expect(id).toMatch(/^[0-9a-f]{16}$/);
    expect(key.toString('hex')).not.toContain(id);
    expect(bytes.toString('hex')).not.toContain(id);
  });

  it('refuses a key that can be guessed for its length', () => {
    expect(() => deriveKey('fifteen letters')).toThrow(/at least 16 characters/);
    expect(() => deriveKey('')).toThrow(/openssl rand/);
  });
});
