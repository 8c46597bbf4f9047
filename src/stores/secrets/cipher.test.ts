import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CipherError, createCipher } from './cipher.ts';

const key = () => randomBytes(32).toString('base64');

function errorOf(action: () => unknown): CipherError {
  try {
    action();
  } catch (error) {
    return error as CipherError;
  }
  throw new Error('nothing was thrown');
}

describe('createCipher', () => {
  const cipher = createCipher(key());

  it('opens what it sealed, for any text and context', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(fc.property(text, text, (t, c) => cipher.open(cipher.seal(t, c), c) === t));
  });

  it('never seals the same text to the same value, and shows nothing of it', () => {
    const first = cipher.seal('s3cret', 'wh_1');
    expect(first).not.toBe(cipher.seal('s3cret', 'wh_1'));
    expect(Buffer.from(first.split('.')[2] ?? '', 'base64url').includes('s3cret')).toBe(false);
  });

  it('does not open a text that belongs to something else', () => {
    const sealed = cipher.seal('s3cret', 'wh_1');
    expect(errorOf(() => cipher.open(sealed, 'wh_2'))).toMatchObject({ code: 'damaged_secret' });
  });

  it('notices any changed byte and any lost end', () => {
    const sealed = cipher.seal('s3cret', 'wh_1');
    const [version, id, body = ''] = sealed.split('.');
    const bytes = Buffer.from(body, 'base64url');
    for (let i = 0; i < bytes.length; i++) {
      const changed = Buffer.from(bytes);
      changed[i] = (changed[i] ?? 0) ^ 1;
      const again = `${version}.${id}.${changed.toString('base64url')}`;
      expect(errorOf(() => cipher.open(again, 'wh_1')).code).toBe('damaged_secret');
      const cut = `${version}.${id}.${bytes.subarray(0, i).toString('base64url')}`;
      expect(errorOf(() => cipher.open(cut, 'wh_1')).code).toBe('damaged_secret');
    }
  });

  it('does not take a text for sealed that is not', () => {
    for (const text of ['', 's3cret', 'v1.', 'v2.a.b']) {
      expect(errorOf(() => cipher.open(text, 'wh_1')).code).toBe('damaged_secret');
    }
  });

  it('says what to do when the master key is another one', () => {
    const error = errorOf(() => createCipher(key()).open(cipher.seal('s3cret', 'wh_1'), 'wh_1'));
    expect(error.code).toBe('wrong_master_key');
    expect(error.message).toContain('set HOOKWIRE_MASTER_KEY');
    expect(error.message).not.toContain('s3cret');
  });

  it('opens with a previous key and seals with the current one', () => {
    const [old, current] = [key(), key()];
    const sealedBefore = createCipher(old).seal('s3cret', 'wh_1');
    const rotated = createCipher(current, [old]);
    expect(rotated.open(sealedBefore, 'wh_1')).toBe('s3cret');
    expect(createCipher(current).open(rotated.seal('s3cret', 'wh_1'), 'wh_1')).toBe('s3cret');
  });
});
