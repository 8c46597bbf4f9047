import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { anyText } from '../testing/rendering.ts';
import { signatureHeader, signingKey } from './sign.ts';
import { createSecret } from './signing-secret.ts';

function verifies(secret: string, payload: string, signature: string, id: string, timestampSeconds: number) {
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signature,
  };
  try {
    new Webhook(secret).verify(payload, headers, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}

// The library compares the timestamp with the machine's clock.
const now = () => Math.floor(Date.now() / 1000);

describe('signatures', () => {
  it('are the example of the Standard Webhooks specification', () => {
    const key = signingKey('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    expect(signatureHeader([key], 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}')).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  it('are verified by the standardwebhooks package, for any text', () => {
    const secret = createSecret();
    const key = signingKey(secret);
    fc.assert(
      fc.property(anyText, fc.stringMatching(/^dlv_[0-9a-z]{11}$/), (payload, id) => {
        const at = now();
        const signature = signatureHeader([key], id, at, payload);
        expect(verifies(secret, payload, signature, id, at)).toBe(true);
        expect(verifies(secret, `${payload}x`, signature, id, at)).toBe(false);
      }),
    );
  });

  it('are verified with either secret while a rotation overlaps, and with no other', () => {
    const [old, current, other] = [createSecret(), createSecret(), createSecret()];
    const at = now();
    const signature = signatureHeader([signingKey(current), signingKey(old)], 'dlv_1', at, 'body');
    expect(signature).toMatch(/^v1,[\w+/]{43}= v1,[\w+/]{43}=$/);
    expect(verifies(current, 'body', signature, 'dlv_1', at)).toBe(true);
    expect(verifies(old, 'body', signature, 'dlv_1', at)).toBe(true);
    expect(verifies(other, 'body', signature, 'dlv_1', at)).toBe(false);
  });
});

describe('secrets', () => {
  it('are whsec_ and 24 random bytes, each new', () => {
    const secret = createSecret();
    expect(secret).toMatch(/^whsec_[\w+/]{32}$/);
    expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(24);
    expect(createSecret()).not.toBe(secret);
  });

  it('are refused when they are empty or not base64, without being shown', () => {
    for (const secret of ['', 'whsec_', 'whsec_not base64', 'whsec_YQ']) {
      expect(() => signingKey(secret)).toThrow('A signing secret is whsec_ and base64.');
    }
  });
});
