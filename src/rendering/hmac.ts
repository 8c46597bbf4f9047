import { createHash, hash } from 'node:crypto';

/** Of SHA-256, in bytes. */
const blockBytes = 64;
const hashBytes = 32;
/** Longer texts are hashed in pieces: a report is some hundred bytes, a list or a message may have a mebibyte. */
const scratchBytes = 16 * 1024;
const scratch = Buffer.allocUnsafeSlow(scratchBytes);
/** No character of a string becomes more bytes. */
const mostBytesOfCharacter = 3;

/**
 * HMAC-SHA256 (RFC 2104) with one secret: `H(secret ⊕ opad ‖ H(secret ⊕ ipad ‖ text))`. Two plain hashes take 0.7 µs, where
 * `createHmac` with a KeyObject takes 1.5 µs, most of it for making its object; every delivery is signed.
 */
export class HmacSha256 {
  readonly #inner = Buffer.alloc(blockBytes, 0x36);
  /** With room for the inner hash. */
  readonly #outer = Buffer.alloc(blockBytes + hashBytes, 0x5c);

  constructor(secret: Uint8Array) {
    const key = secret.length > blockBytes ? createHash('sha256').update(secret).digest() : secret;
    for (const [i, byte] of key.entries()) {
      this.#inner[i] = 0x36 ^ byte;
      this.#outer[i] = 0x5c ^ byte;
    }
  }

  /** The signature of a text's UTF-8 bytes, in base64. */
  sign(text: string): string {
    this.#outer.write(this.#innerHash(text), blockBytes, 'latin1');
    return hash('sha256', this.#outer, 'base64');
  }

  /** As a string of bytes: made without a buffer of its own. */
  #innerHash(text: string): string {
    if (blockBytes + text.length * mostBytesOfCharacter > scratchBytes)
      return createHash('sha256').update(this.#inner).update(text, 'utf8').digest('latin1');
    this.#inner.copy(scratch);
    const bytes = scratch.write(text, blockBytes, 'utf8');
    return hash('sha256', new Uint8Array(scratch.buffer, 0, blockBytes + bytes), 'latin1');
  }
}
