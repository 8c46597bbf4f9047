import { createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HmacSha256 } from './hmac.ts';

function known(secret: Uint8Array, text: string): string {
  return createHmac('sha256', secret).update(text).digest('base64');
}

describe('HMAC-SHA256', () => {
  it('gives the signatures of RFC 4231', () => {
    const vectors = [
      [
        Buffer.alloc(20, 0x0b),
        'Hi There',
        'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
      ],
      [
        Buffer.from('Jefe'),
        'what do ya want for nothing?',
        '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
      ],
      [
        Buffer.alloc(131, 0xaa),
        'Test Using Larger Than Block-Size Key - Hash Key First',
        '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
      ],
    ] as const;
    for (const [secret, text, hex] of vectors)
      expect(Buffer.from(new HmacSha256(secret).sign(text), 'base64').toString('hex')).toBe(hex);
  });

  it("gives Node's signature for any secret and text, one after another with one secret", () => {
    const texts = fc.array(fc.string({ unit: 'binary', maxLength: 300 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), texts, (secret, list) => {
        const hmac = new HmacSha256(secret);
        for (const text of list) expect(hmac.sign(text)).toBe(known(secret, text));
      }),
    );
  });

  it('does so for long texts, on both sides of where they are hashed in pieces', () => {
    const secret = randomBytes(32);
    const hmac = new HmacSha256(secret);
    for (const length of [5_000, 5_437, 5_438, 5_439, 5_440, 5_441, 5_442, 16_384, 1_000_000])
      for (const unit of ['x', 'é', '漢', '\ud800']) {
        const text = unit.repeat(length);
        expect(hmac.sign(text)).toBe(known(secret, text));
      }
  });
});
