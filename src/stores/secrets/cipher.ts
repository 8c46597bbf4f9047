import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { deriveKey, type SealingKey } from './master-key.ts';

/**
 * Keeps secrets unreadable in the database: AES-256-GCM. `context` says what the text belongs to (`wh_…/secret`); it
 * is authenticated, so a sealed text that is moved to another row does not open there.
 */
export interface Cipher {
  /** Names the current key. */
  readonly keyId: string;
  /** The previous keys that are at hand, without the current one. */
  readonly previousKeyIds: readonly string[];
  /** Seals with the current key and a fresh random nonce: the same text is sealed differently each time. */
  seal(text: string, context: string): string;
  /** @throws {CipherError} when the key is another one, or text or context were changed */
  open(sealed: string, context: string): string;
}

export class CipherError extends Error {
  readonly code: 'wrong_master_key' | 'damaged_secret';

  constructor(code: CipherError['code'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'CipherError';
    this.code = code;
  }
}

const format = 'v1';
const nonceBytes = 12;
const tagBytes = 16;

/**
 * ```text
 * v1.<key id>.<base64url of nonce (12 bytes), tag (16 bytes), ciphertext>
 * ```
 * The key id tells which key opens it, so that old texts still open after a change of keys.
 *
 * @param current the master key that seals and opens; see `deriveKey` for its forms
 * @param previous master keys that only open
 */
export function createCipher(current: string, previous: readonly string[] = []): Cipher {
  const sealing = deriveKey(current);
  const keys = new Map([...previous.map(deriveKey), sealing].map((key) => [key.id, key]));

  return {
    keyId: sealing.id,
    previousKeyIds: [...keys.keys()].filter((id) => id !== sealing.id),

    seal(text, context) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', sealing.key, nonce);
      cipher.setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `${format}.${sealing.id}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`;
    },

    open(sealed, context) {
      const [version, keyId = '', encoded] = sealed.split('.');
      if (version !== format || encoded === undefined) throw damaged(context);
      const key = keys.get(keyId);
      if (!key) throw wrongKey(keyId, sealing.id);
      return decrypt(Buffer.from(encoded, 'base64url'), key, context);
    },
  };
}

function decrypt(bytes: Buffer, { key }: SealingKey, context: string): string {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
    return decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8');
  } catch (error) {
    throw damaged(context, error);
  }
}

function damaged(context: string, cause?: unknown): CipherError {
  return new CipherError(
    'damaged_secret',
    `The stored secret of ${context} was changed outside of Hookwire. Restore it from a backup, or set it anew.`,
    cause,
  );
}

/** For a database whose secrets are sealed with a key that is not at hand. */
export function wrongKey(sealedWith: string, current: string): CipherError {
  return new CipherError(
    'wrong_master_key',
    `Stored secrets are sealed with master key ${sealedWith}, and this is master key ${current}. Start with the key ` +
      'that sealed them: set HOOKWIRE_MASTER_KEY to it, or put its master.key back into the data directory. To change ' +
      'keys, set HOOKWIRE_MASTER_KEY_PREVIOUS to it as well.',
  );
}
