/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012): what it makes of a text tells nothing of it to who lacks the key, at some
 * 0.3 µs for a phone number, where an HMAC takes 2. For what is looked up, not for what is signed.
 *
 * @param key 16 bytes, as four words, little endian
 * @param text each of its UTF-16 units as a byte: numbers and other plain text
 * @returns 53 bits, a safe whole number
 */
export function sipHash53(key: Int32Array, text: string): number {
  const [k0l = 0, k0h = 0, k1l = 0, k1h = 0] = [key[0], key[1], key[2], key[3]];
  al = k0l ^ 0x70736575;
  ah = k0h ^ 0x736f6d65;
  bl = k1l ^ 0x6e646f6d;
  bh = k1h ^ 0x646f7261;
  cl = k0l ^ 0x6e657261;
  ch = k0h ^ 0x6c796765;
  dl = k1l ^ 0x79746573;
  dh = k1h ^ 0x74656462;
  const whole = text.length - (text.length % 8);
  for (let at = 0; at < whole; at += 8) mix(wordOf(text, at), wordOf(text, at + 4));
  mix(wordOf(text, whole), wordOf(text, whole + 4) | (text.length << 24));
  cl ^= 0xff;
  for (let i = 0; i < 4; i++) round();
  return ((ah ^ bh ^ ch ^ dh) >>> 11) * 2 ** 32 + ((al ^ bl ^ cl ^ dl) >>> 0);
}

// The four words of the state, of 64 bits as two of 32; in an array they cost three times as much.
let [al, ah, bl, bh, cl, ch, dl, dh] = [0, 0, 0, 0, 0, 0, 0, 0];

/** Four characters; none behind the end. */
function wordOf(text: string, at: number): number {
  let word = 0;
  for (let i = Math.min(text.length, at + 4) - 1; i >= at; i--)
    word = (word << 8) | (text.charCodeAt(i) & 0xff);
  return word;
}

function mix(low: number, high: number): void {
  dl ^= low;
  dh ^= high;
  round();
  round();
  al ^= low;
  ah ^= high;
}

function round(): void {
  addBToA();
  let turned = (bl << 13) | (bh >>> 19);
  bh = ((bh << 13) | (bl >>> 19)) ^ ah;
  bl = turned ^ al;
  turned = al;
  al = ah;
  ah = turned;

  let sum = (cl >>> 0) + (dl >>> 0);
  ch = (ch + dh + (sum > 0xffffffff ? 1 : 0)) | 0;
  cl = sum | 0;
  turned = (dl << 16) | (dh >>> 16);
  dh = ((dh << 16) | (dl >>> 16)) ^ ch;
  dl = turned ^ cl;

  sum = (al >>> 0) + (dl >>> 0);
  ah = (ah + dh + (sum > 0xffffffff ? 1 : 0)) | 0;
  al = sum | 0;
  turned = (dl << 21) | (dh >>> 11);
  dh = ((dh << 21) | (dl >>> 11)) ^ ah;
  dl = turned ^ al;

  sum = (cl >>> 0) + (bl >>> 0);
  ch = (ch + bh + (sum > 0xffffffff ? 1 : 0)) | 0;
  cl = sum | 0;
  turned = (bl << 17) | (bh >>> 15);
  bh = ((bh << 17) | (bl >>> 15)) ^ ch;
  bl = turned ^ cl;
  turned = cl;
  cl = ch;
  ch = turned;
}

function addBToA(): void {
  const sum = (al >>> 0) + (bl >>> 0);
  ah = (ah + bh + (sum > 0xffffffff ? 1 : 0)) | 0;
  al = sum | 0;
}
