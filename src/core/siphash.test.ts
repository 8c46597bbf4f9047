import { expect, it } from 'vitest';
import { sipHash53 } from './siphash.ts';

/** The key 00 01 … 0f of the reference's own test vectors, and their texts: 00, 00 01, 00 01 02 … */
const key = Int32Array.from([0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c]);
const bytes = (count: number): string => String.fromCharCode(...Array.from({ length: count }, (_, i) => i));

/** `vectors_sip64` of the reference, by length, as the 64-bit number that it is. */
it.each([
  [0, 0x726fdb47dd0e0e31n],
  [1, 0x74f839c593dc67fdn],
  [7, 0xab0200f58b01d137n],
  [8, 0x93f5f5799a932462n],
  [15, 0xa129ca6149be45e5n],
])('makes of %i bytes what the reference makes', (length, expected) => {
  expect(BigInt(sipHash53(key, bytes(length)))).toBe(((expected >> 43n) << 32n) | (expected & 0xffffffffn));
});
