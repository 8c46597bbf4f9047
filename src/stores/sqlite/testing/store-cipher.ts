import { createCipher } from '../../secrets/cipher.ts';

/** What seals in stores of tests: the same in every process, since a store opens with the key that it was made with only. */
export const storeCipher = createCipher(Buffer.alloc(32, 7).toString('hex'));

export const testNumberKey: Uint8Array = new Uint8Array(32).fill(1);
